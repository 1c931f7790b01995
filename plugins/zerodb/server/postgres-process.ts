import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { codeOf, messageOf, oneLine, Problem } from 'ainative-code'
import { createDraft, type LocalFolder, removeOldDrafts, setOwner } from './local-folder.ts'

/** Runs a program of PostgreSQL as the account of the server. Throws a Problem with the last line that it wrote. */
export async function runProgram(bin: string, program: string, args: string[], folder: LocalFolder, signal?: AbortSignal): Promise<void> {
  const { code, output } = await programOutput(path.join(bin, program), args, folder, signal)
  if (code === 0) return
  signal?.throwIfAborted()
  const last = output.trim().split('\n').at(-1) ?? ''
  throw new Problem('local-server', `${program} failed: ${last || `it ended with ${code}`}`, {
    hint: `read the log ${folder.log}, if it exists`,
  })
}

/** Runs a program. Returns its exit code, and everything that the program wrote. */
async function programOutput(file: string, args: string[], { root, account }: LocalFolder, signal?: AbortSignal) {
  // The output goes to a file, not to a pipe, because the server inherits the descriptor and outlives this process.
  const report = path.join(root, `.output-${process.pid}`)
  const output = fs.openSync(report, 'w+', 0o600)
  try {
    const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' }
    const child = spawn(file, args, { ...account, cwd: root, env, stdio: ['ignore', output, output], signal, killSignal: 'SIGINT' })
    const code = await once(child, 'close').then(
      ([status, killer]) => status ?? killer,
      (error) => messageOf(error),
    )
    return { code, output: fs.readFileSync(report, 'utf8') }
  } finally {
    fs.closeSync(output)
    fs.rmSync(report, { force: true })
  }
}

/** The superuser of a new server. */
interface Superuser {
  port: number
  password: string
  /** The URL of the superuser, which is saved beside the data. */
  url: string
}

/** Creates a server that listens on loopback only. The server is created completely or not at all. */
export async function createCluster(
  bin: string,
  folder: LocalFolder,
  { port, password, url }: Superuser,
  signal: AbortSignal,
): Promise<void> {
  removeOldDrafts(folder)
  const draft = createDraft(folder, url)
  const secret = path.join(draft.server, 'password')
  try {
    fs.writeFileSync(secret, `${password}\n`, { mode: 0o600 })
    setOwner(folder.account, secret)
    const flags = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C.UTF-8']
    await runProgram(bin, 'initdb', ['-D', draft.data, ...flags], folder, signal)
    fs.rmSync(secret)
    const lines = [`port = ${port}`, `listen_addresses = '127.0.0.1'`, `unix_socket_directories = ''`]
    fs.appendFileSync(path.join(draft.data, 'postgresql.conf'), `\n${lines.join('\n')}\n`)
    fs.renameSync(draft.server, folder.server)
  } catch (error) {
    // Another process created the server first: use that server.
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
  } finally {
    fs.rmSync(draft.server, { recursive: true, force: true })
  }
}

/** Starts the server, and waits until the server accepts connections. The server outlives this process. */
export async function startProcess(bin: string, folder: LocalFolder, signal: AbortSignal): Promise<void> {
  try {
    await runProgram(bin, 'pg_ctl', ['-D', folder.data, '-l', folder.log, '-w', '-t', String(START_S), 'start'], folder, signal)
  } catch (error) {
    signal.throwIfAborted()
    const [, reason] = /(?:LOG|FATAL): {2}(.*)$/.exec(fatalLine(folder)) ?? []
    throw new Problem('local-server', `PostgreSQL did not start: ${oneLine(reason ?? messageOf(error))}`, {
      hint: `read the end of ${folder.log}`,
      cause: error,
    })
  }
}

/** Returns the line of the log with the reason why the server ended: a line about a port in use, or else the last fatal error. */
function fatalLine({ log }: LocalFolder): string {
  const lines = fs.readFileSync(log, 'utf8').split('\n').slice(-12)
  return lines.findLast((line) => line.includes('could not bind')) ?? lines.findLast((line) => line.includes('FATAL:')) ?? ''
}

/** Stops the server after its open transactions are rolled back. */
export const stopProcess = (bin: string, folder: LocalFolder) =>
  runProgram(bin, 'pg_ctl', ['-D', folder.data, '-w', '-m', 'fast', 'stop'], folder)

/** True if the server of this data directory runs. */
export async function isRunning(bin: string, folder: LocalFolder): Promise<boolean> {
  if (!fs.existsSync(path.join(folder.data, 'postmaster.pid'))) return false
  return (await programOutput(path.join(bin, 'pg_ctl'), ['-D', folder.data, 'status'], folder)).code === 0
}

/** Reads the file in which a running server notes its process and its state. A server that crashed leaves the file. */
export function readLock({ data }: LocalFolder): { file: string; pid: string; state: string } | undefined {
  const file = path.join(data, 'postmaster.pid')
  try {
    const lines = fs.readFileSync(file, 'utf8').split('\n')
    return { file, pid: lines[0] ?? '', state: lines[7]?.trim() || 'starting' }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Waits while the server starts, as long as pg_ctl would: another process may have started it. */
export async function untilReady(folder: LocalFolder, signal: AbortSignal): Promise<void> {
  for (let left = START_S * 1000; left > 0 && readLock(folder)?.state === 'starting'; left -= PAUSE_MS) {
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

const PAUSE_MS = 50
/** The longest start of a server, in seconds. */
const START_S = 60

/** The range of ports. Systems use higher ports for outgoing connections, so a stopped server finds its port free again. */
const [LOWEST, HIGHEST] = [20_000, 32_000]

/** Returns a port of loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST)
    const server = net.createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}
