import type { ChildProcess } from 'node:child_process'
import path from 'node:path'
import type { Host } from '../contract/host.ts'
import { Problem } from '../kernel/problem.ts'
import { writeNote } from '../output/write.ts'

/** What a worker is started with. */
export interface WorkerData {
  task: string
  /** Whether its host loads external plugins. */
  plugins: boolean
  /** The files of plugins that failed to load. */
  without: string[]
}

/** V8's report of an abort; exitProblem says the same in one sentence. */
const V8_REPORT = /<--- Last few GCs|# Fatal|FATAL ERROR/

/** Starts the process. `limit` is the size of its heap in MB: less than that of this process, which has to hold every result. */
export async function startWorker({ env, onlyShipped, plugins }: Host, task: string): Promise<{ child: ChildProcess; limit: number }> {
  const { fork, spawn } = await import('node:child_process')
  // In the build, files of chunks/ have a __dirname; sources are loaded as they are.
  const file = typeof __dirname === 'string' ? path.join(__dirname, '../worker.cjs') : new URL('./worker-main.ts', import.meta.url)
  const failed = plugins.flatMap(({ problem, file: from }) => (problem !== undefined && from !== undefined ? [from] : []))
  const data: WorkerData = { task, plugins: !onlyShipped, without: failed }
  const limit = Math.floor((process.getBuiltinModule('node:v8').getHeapStatistics().heap_size_limit / 2 ** 20) * HEAP_SHARE)
  const child = fork(file, [JSON.stringify(data)], {
    env,
    execArgv: [...process.execArgv, `--max-old-space-size=${limit}`],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  let aborting = false
  child.stderr?.on('data', (chunk: Buffer) => {
    aborting ||= V8_REPORT.test(String(chunk))
    if (!aborting) writeNote(String(chunk))
  })
  unref(child.stderr)
  keepAlive(child, false)
  endWithParent(spawn, child)
  return { child, limit }
}

/** The streams of a child process are sockets, which their type does not say. */
const unref = (stream: object | null) => (stream as { unref?(): void } | null)?.unref?.()

/** Waits until its standard input closes, which is when this process ends in any way, then kills the worker. */
const GUARD = 'read -r _; kill -9 "$1"'

/** A busy worker does not notice that this process was killed; a small shell does. Where there is no `sh`, nothing watches. */
function endWithParent(spawn: typeof import('node:child_process').spawn, child: ChildProcess): void {
  const guard = spawn('sh', ['-c', GUARD, 'sh', String(child.pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.on('error', () => undefined)
  child.once('exit', () => guard.kill('SIGKILL'))
  unref(guard.stdin)
  guard.unref()
}

const HEAP_SHARE = 0.75

export function send(child: ChildProcess, message: object): void {
  keepAlive(child, true)
  // A failed send means that the worker is gone; its exit event tells why.
  child.send(message, () => undefined)
}

/** Whether an open worker keeps this process running. */
export function keepAlive(child: ChildProcess, on: boolean): void {
  for (const each of [child, child.channel]) on ? each?.ref() : each?.unref()
}

/** SIGABRT and SIGTRAP are V8's ways to end without memory, and SIGKILL is that of the system. */
export function exitProblem(signal: NodeJS.Signals | null, limit: number): Problem {
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGKILL' || signal === 'SIGILL')
    return new Problem('worker', `the query needs more than the ${limit} MB of memory it may use, and was stopped`, {
      hint: 'ask for less at a time',
    })
  return new Problem('worker', `the query's process ended unexpectedly${signal ? ` (${signal})` : ''}`, {
    hint: 'a function of a plugin may have ended it: --no-plugins leaves them out',
  })
}
