import type { ChildProcess } from 'node:child_process'
import path from 'node:path'
import type { Host } from '../contract/host.ts'
import { Problem } from '../kernel/problem.ts'
import { writeNote } from '../output/write.ts'

/** The arguments of a worker process. */
export interface WorkerData {
  task: string
  /** True if the worker loads external plugins. */
  plugins: boolean
  /** The files of plugins to skip, because they failed in the main process. */
  skippedPlugins: string[]
}

/** The texts about a task in error messages. */
export interface WorkerTexts {
  /** The work, as the subject of a sentence: `the query`. */
  title?: string
  /** The hint of a task that ran out of memory. */
  memoryHint?: string
  /** The hint of a task that exceeded its timeout. */
  timeoutHint?: string
}

/** V8's report of an abort. It is not shown, because exitProblem reports the abort in one sentence. */
const V8_REPORT = /<--- Last few GCs|# Fatal|FATAL ERROR/

/** Starts a worker process. `limit` is its heap size in MB, smaller than the heap of this process, which has to hold every result. */
export async function startWorker({ env, onlyShipped, plugins }: Host, task: string): Promise<{ child: ChildProcess; limit: number }> {
  const { fork, spawn } = await import('node:child_process')
  // In the build, this file is a CommonJS chunk with a __dirname; in development it is an ES module.
  const file = typeof __dirname === 'string' ? path.join(__dirname, '../worker.cjs') : new URL('./worker-main.ts', import.meta.url)
  const failed = plugins.flatMap(({ problem, file: from }) => (problem !== undefined && from !== undefined ? [from] : []))
  const data: WorkerData = { task, plugins: !onlyShipped, skippedPlugins: failed }
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

/** The streams of a child process are sockets with `unref`, although their types do not declare it. */
const unref = (stream: object | null) => (stream as { unref?(): void } | null)?.unref?.()

/** A shell script that kills the worker when its standard input closes, that is, when this process ends. */
const GUARD = 'read -r _; kill -9 "$1"'

/** Kills the worker when this process ends, because a busy worker does not notice the end. Without `sh`, nothing kills the worker. */
function endWithParent(spawn: typeof import('node:child_process').spawn, child: ChildProcess): void {
  const guard = spawn('sh', ['-c', GUARD, 'sh', String(child.pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.on('error', () => undefined)
  child.once('exit', () => guard.kill('SIGKILL'))
  unref(guard.stdin)
  guard.unref()
}

/** The heap size of a worker as a share of the heap size of this process. */
const HEAP_SHARE = 0.75

/** Sends a message to a worker, and keeps this process running until the reply. */
export function send(child: ChildProcess, message: object): void {
  keepAlive(child, true)
  // A failed send means that the worker has exited. Its exit event has the reason.
  child.send(message, () => undefined)
}

/** Sets whether an open worker keeps this process running. */
export function keepAlive(child: ChildProcess, on: boolean): void {
  for (const each of [child, child.channel]) on ? each?.ref() : each?.unref()
}

/**
 * Returns the Problem of a worker that exited by itself. V8 ends a process without memory with SIGABRT or SIGTRAP, the system with
 * SIGKILL.
 */
export function exitProblem(signal: NodeJS.Signals | null, limit: number, { title, memoryHint }: WorkerTexts & { title: string }): Problem {
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGKILL' || signal === 'SIGILL')
    return new Problem('worker', `${title} exceeded the memory limit of ${limit} MB and was stopped`, { hint: memoryHint })
  return new Problem('worker', `the process of ${title} ended unexpectedly${signal ? ` (${signal})` : ''}`, {
    hint: 'a plugin may have ended the process; --no-plugins runs without external plugins',
  })
}
