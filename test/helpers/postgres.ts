import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { installedBinaries, linkLibraries, packagedBinaries } from '../../plugins/zerodb/server/binaries.ts'
import { connectTo, type Server } from '../../plugins/zerodb/server/connect.ts'
import { parseEndpoint, urlText } from '../../plugins/zerodb/server/endpoint.ts'
import { blockedBy } from '../../plugins/zerodb/server/local-folder.ts'
import { migrate } from '../../plugins/zerodb/server/migrate.ts'
import { freePort } from '../../plugins/zerodb/server/postgres-process.ts'
import { addUser } from '../../plugins/zerodb/server/users.ts'
import { root } from './cli.ts'
import { until } from './until.ts'

/** A running PostgreSQL server. */
export interface Postgres {
  /** The URL of the database `postgres` for the superuser. */
  admin: string
  /** The major version. */
  version: number
  /** The folder of the data and the log. */
  data: string
  stop(): Promise<void>
}

/** Returns the folders of binaries of each PostgreSQL on this machine, the npm package first. */
export function binaries(): string[] {
  const found = [...packagedBinaries([root]), ...installedBinaries(process.env)]
  for (const bin of found) linkLibraries(bin)
  return found.map(reachable)
}

/** Returns a folder for temporary files that every account can enter. */
const tmp = () => (blockedBy(os.tmpdir()) === undefined ? os.tmpdir() : '/tmp')

/** Returns the folder of these binaries, or of a copy if the account of the server cannot enter the folder. */
function reachable(bin: string): string {
  if (UNPRIVILEGED.uid === undefined || blockedBy(bin) === undefined) return bin
  const native = path.dirname(bin)
  const copy = path.join(tmp(), `ainative-postgres-${createHash('sha256').update(native).digest('hex').slice(0, 12)}`)
  if (!fs.existsSync(copy)) {
    const draft = fs.mkdtempSync(`${copy}-`)
    fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true })
    fs.chmodSync(draft, 0o755)
    try {
      fs.renameSync(draft, copy)
    } catch {
      // Another worker created the copy first.
      fs.rmSync(draft, { recursive: true })
    }
  }
  return path.join(copy, 'bin')
}

/** The servers of this worker by their binaries. */
const servers = new Map<string, Promise<Postgres>>()

/** Returns the PostgreSQL server for all tests of this worker. The server starts at the first call and ends with the worker. */
export function openPostgres(bin = binaries()[0]): Promise<Postgres> {
  if (bin === undefined) throw new Error('no PostgreSQL is installed: npm ci')
  const server = servers.get(bin) ?? startPostgres(bin)
  servers.set(bin, server)
  return server
}

/** PostgreSQL refuses to run as root. */
const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** A shell script that stops the server and removes its data when the worker exits or is killed, which closes the pipe to the script. */
const GUARD = `"$1/postgres" -D "$2" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
-c max_connections=300 -c autovacuum_naptime=1h -c jit=off -c log_statement=all $4 >>"$2/log" 2>&1 &
server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$2"`

/** Starts a separate server, for tests that change roles or settings that all databases share. */
export async function startPostgres(bin: string, tls?: { cert: string; key: string }): Promise<Postgres> {
  const data = fs.mkdtempSync(path.join(tmp(), 'ainative-pg-'))
  if (UNPRIVILEGED.uid !== undefined) fs.chownSync(data, UNPRIVILEGED.uid, UNPRIVILEGED.gid)
  const how = { ...UNPRIVILEGED, cwd: data, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } }
  fs.writeFileSync(path.join(tmp(), `${path.basename(data)}.pw`), 'superuser')
  const pwfile = path.join(tmp(), `${path.basename(data)}.pw`)
  const flags = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${pwfile}`, '--no-sync', '--locale=C.UTF-8', '-E', 'UTF8']
  execFileSync(path.join(bin, 'initdb'), ['-D', data, ...flags], { ...how, stdio: 'pipe' })
  fs.rmSync(pwfile)
  const flagsOfTls = tls ? useTls(data, tls) : ''
  const port = await freePort()
  const guard = spawn('sh', ['-c', GUARD, 'sh', bin, data, String(port), flagsOfTls], { ...how, stdio: ['pipe', 'ignore', 'inherit'] })
  guard.unref()
  const log = () => fs.readFileSync(path.join(data, 'log'), 'utf8')
  await until(
    () => `PostgreSQL ${bin}: ${log()}`,
    () => fs.existsSync(path.join(data, 'log')) && log().includes('ready to accept connections'),
  )
  const version = Number(fs.readFileSync(path.join(data, 'PG_VERSION'), 'utf8'))
  return {
    admin: `postgresql://postgres:superuser@127.0.0.1:${port}/postgres`,
    version,
    data,
    async stop() {
      servers.delete(bin)
      guard.stdin.end()
      if (guard.exitCode === null) await once(guard, 'exit')
    },
  }
}

/** Copies the certificate and the key to files that the server can read. Returns the flags of the server. */
function useTls(data: string, files: { cert: string; key: string }): string {
  for (const [name, file] of Object.entries(files)) {
    fs.copyFileSync(file, path.join(data, name))
    fs.chmodSync(path.join(data, name), 0o600)
    if (UNPRIVILEGED.uid !== undefined) fs.chownSync(path.join(data, name), UNPRIVILEGED.uid, UNPRIVILEGED.gid)
  }
  return '-c ssl=on -c ssl_cert_file=cert -c ssl_key_file=key'
}

/** Connects in this process. */
export const connectAs = (url: string): Promise<Server> => connectTo(parseEndpoint(url, 'test'))

/** Runs `work` on a connection in this process. */
export async function withServer<T>(url: string, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await connectAs(url)
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}

/** The password of every user that a test creates. */
export const PASSWORD = 'pass word/%@'

/** The number of calls with each name: the test files of a worker share a server. */
const counts = new Map<string, number>()

/** The servers that are set up, by the URL of the superuser. */
const setUp = new Set<string>()

/** Sets up the server for ZeroDB at the first call, and adds a user. A number makes a repeated name unique. Returns the endpoint of the user. */
export async function userOn(pg: Pick<Postgres, 'admin'>, wanted: string): Promise<string> {
  const count = (counts.get(wanted) ?? 0) + 1
  counts.set(wanted, count)
  const name = count === 1 ? wanted : `${wanted}-${count}`
  await withServer(pg.admin, async (server) => {
    if (!setUp.has(pg.admin)) await migrate(server)
    setUp.add(pg.admin)
    await addUser(server, name, PASSWORD)
  })
  return urlText({ ...parseEndpoint(pg.admin, 'test'), user: name, password: PASSWORD })
}

/** Runs `work` as a user who may change all columns of the own rows, and delete them, as someone who controls the server could. */
export async function withAllRights<T>(endpoint: string, work: (server: Server) => Promise<T>): Promise<T> {
  const admin = String(Object.assign(new URL(endpoint), { username: 'postgres', password: 'superuser' }))
  const change = (statement: string) => withServer(admin, ({ db }) => sql.raw(statement).execute(db))
  const user = decodeURIComponent(new URL(endpoint).username)
  await change(`grant insert, update, delete on all tables in schema zerodb to "${user}"`)
  try {
    return await withServer(endpoint, work)
  } finally {
    await change(`revoke all on all tables in schema zerodb from "${user}"`)
  }
}
