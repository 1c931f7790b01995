import type { ChildProcess } from 'node:child_process'
import path from 'node:path'
import type { Host } from './host.ts'
import { messageOf, Problem } from './problem.ts'
import { writeNote } from './write.ts'

/** Work that a plugin does in a worker process, where it can be stopped; questions and answers must be structured-cloneable. */
export interface Task {
  name: string
  load(): Promise<(host: Host, question: never) => Promise<unknown>>
}

/** How long an answer may take, in seconds, and the signal that ends the wait. */
export interface Limits {
  timeout: number
  signal: AbortSignal
}

/** The main process's side of a task. The worker loads a read-only host of its own. */
export interface Worker {
  ask<T>(question: unknown, limits: Limits): Promise<T>
  /** Whether the next question is the first of its worker, which knows nothing of earlier ones. */
  isNew(): boolean
  close(): Promise<void>
}

/** What a worker is started with. */
export interface WorkerData {
  task: string
  /** Whether its host loads external plugins. */
  plugins: boolean
  /** The files of plugins that failed to load. */
  without: string[]
}

/**
 * A message from the worker: the reply to one question, or a failure outside of any question. The value is serialized by v8, since the
 * main process could not catch an error of the channel that reads it.
 */
export type Message = Reply | { failure: string }
export type Reply = { id: number } & ({ value: Uint8Array } | { problem: { code: string; message: string; hint?: string; exit: number } })

type Waiting = { resolve(value: never): void; reject(error: unknown): void }

/**
 * A worker is a process and not a thread: V8 aborts the whole process when one large allocation fails, also in a thread that has
 * resource limits. It starts at once, and again with the first question after it was stopped.
 */
export function openWorker(host: Host, task: string): Worker {
  let worker: Promise<ChildProcess> | undefined
  let last = 0
  let asked = false
  const waiting = new Map<number, Waiting>()
  const end = (reason: unknown) => {
    const ended = worker
    worker = undefined
    asked = false
    for (const each of waiting.values()) each.reject(reason)
    waiting.clear()
    return ended?.then((child) => child.kill('SIGKILL'))
  }
  const settle = (message: Message, child: ChildProcess) => {
    if ('failure' in message) return void end(new Problem('query', `the query failed: ${message.failure}`))
    const { resolve, reject } = waiting.get(message.id) ?? {}
    waiting.delete(message.id)
    try {
      if ('value' in message) resolve?.(v8().deserialize(message.value) as never)
      else reject?.(new Problem(message.problem.code, message.problem.message, message.problem))
    } catch (error) {
      reject?.(unsendable(error))
    }
    if (waiting.size === 0) keepAlive(child, false)
  }
  const start = async (): Promise<ChildProcess> => {
    const { child, limit } = await startWorker(host, task)
    const own = worker
    child.on('message', (message: Message) => own === worker && settle(message, child))
    // A killed worker's events can arrive after its replacement started; ignore them.
    const endOwn = (reason: Problem) => own === worker && end(reason)
    child.on('error', (error) => endOwn(new Problem('worker', `cannot start a process for the query: ${error.message}`, { cause: error })))
    child.on('exit', (_, signal) => endOwn(exitProblem(signal, limit)))
    return child
  }
  worker = start()
  return {
    isNew: () => !asked,
    async ask<T>(question: unknown, { timeout, signal }: Limits): Promise<T> {
      signal.throwIfAborted()
      worker ??= start()
      asked = true
      const id = ++last
      const answer = new Promise<T>((resolve, reject) => waiting.set(id, { resolve, reject }))
      const timer = setTimeout(() => end(timeoutProblem(timeout)), Math.min(timeout * 1000, MAX_DELAY_MS))
      const abort = () => end(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      try {
        send(await worker, { id, question })
        return await answer
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
    },
    async close() {
      const child = await worker
      if (!child) return
      // The worker exits by itself, so that it can write its code cache.
      const ended = new Promise((resolve) => child.once('exit', resolve))
      send(child, { close: true })
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
      await end(undefined)
    },
  }
}

const v8 = () => process.getBuiltinModule('node:v8')

/** The longest delay of a timer in Node. */
const MAX_DELAY_MS = 2 ** 31 - 1
const CLOSE_MS = 500

function send(child: ChildProcess, message: object): void {
  keepAlive(child, true)
  // A failed send means that the worker is gone; its exit event tells why.
  child.send(message, () => undefined)
}

/** Whether an open worker keeps this process running. */
function keepAlive(child: ChildProcess, on: boolean): void {
  for (const each of [child, child.channel]) on ? each?.ref() : each?.unref()
}

/** The Problem of a value that cannot be sent between the processes. */
export const unsendable = (error: unknown) =>
  new Problem(
    'query',
    `the result holds what cannot be printed: ${error instanceof RangeError ? 'it is nested too deep' : messageOf(error)}`,
    {
      cause: error,
    },
  )

/** V8's report of an abort; exitProblem says the same in one sentence. */
const V8_REPORT = /<--- Last few GCs|# Fatal|FATAL ERROR/

/** Starts the process. `limit` is the size of its heap in MB: less than that of this process, which has to hold every result. */
async function startWorker({ env, onlyShipped, plugins }: Host, task: string): Promise<{ child: ChildProcess; limit: number }> {
  const { fork, spawn } = await import('node:child_process')
  // In the build, files of chunks/ have a __dirname; sources are loaded as they are.
  const file = typeof __dirname === 'string' ? path.join(__dirname, '../worker.cjs') : new URL('./worker-main.ts', import.meta.url)
  const failed = plugins.flatMap(({ problem, file: from }) => (problem !== undefined && from !== undefined ? [from] : []))
  const data: WorkerData = { task, plugins: !onlyShipped, without: failed }
  const limit = Math.floor((v8().getHeapStatistics().heap_size_limit / 2 ** 20) * HEAP_SHARE)
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

const timeoutProblem = (seconds: number) =>
  new Problem('timeout', `this took longer than ${seconds} s and was stopped`, { hint: 'query --timeout SECONDS gives it more' })

/** SIGABRT and SIGTRAP are V8's ways to end without memory, and SIGKILL is that of the system. */
function exitProblem(signal: NodeJS.Signals | null, limit: number): Problem {
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGKILL' || signal === 'SIGILL')
    return new Problem('memory', `the query needs more than the ${limit} MB of memory it may use, and was stopped`, {
      hint: 'ask for less at a time',
    })
  return new Problem('worker', `the query's process ended unexpectedly${signal ? ` (${signal})` : ''}`, {
    hint: 'a function of a plugin may have ended it: --no-plugins leaves them out',
  })
}
