import type { ChildProcess } from 'node:child_process'
import type { Host } from '../contract/host.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { exitProblem, keepAlive, send, startWorker, type WorkerTexts } from './worker-process.ts'

/** The limits of one question: a timeout in seconds, and a signal that stops the work. */
export interface Limits {
  timeout: number
  signal: AbortSignal
}

/** A task in a worker process, as the main process uses it. The worker loads its own read-only host. */
export interface Worker {
  /** Sends a question to the task and returns the answer. Throws a Problem if a limit is exceeded; the worker is then stopped. */
  ask<T>(question: unknown, limits: Limits): Promise<T>
  /** True if the next question is the first one of this process: a restarted worker has no state of earlier questions. */
  isNew(): boolean
  /** Ends the process. */
  close(): Promise<void>
}

/**
 * A message from the worker: the reply to one question, or a failure outside of any question. The worker serializes values with node:v8
 * itself, because the main process cannot catch an error in the channel's own deserialization.
 */
export type Message = Reply | { failure: string }
/** The reply to one question: a serialized value or a Problem. */
export type Reply = { id: number } & (
  | { value: Uint8Array }
  | { problem: { code: Problem['code']; message: string; hint?: string; exit: number } }
)

/** The promise of a question. */
type Pending = { resolve(value: never): void; reject(error: unknown): void }

/** A running worker process and its unanswered questions. */
interface Running {
  child: ChildProcess
  pending: Map<number, Pending>
  /** Rejects all unanswered questions and kills the process. */
  stop(reason: unknown): void
  /** Stops the worker with the Problem of an exceeded timeout. */
  timeOut(seconds: number): void
}

/**
 * Starts a worker process for a task of the host. A stopped worker starts again with the next question.
 *
 * The worker is a process and not a thread, because V8 aborts the whole process if one large allocation fails, also in a thread with
 * resource limits.
 */
export function openWorker(host: Host, task: string, texts: WorkerTexts = {}): Worker {
  let worker: Promise<Running> | undefined
  let asked = false
  const start = () => {
    const own = run(host, task, texts, () => {
      // A stopped worker's exit can be noticed after its replacement started.
      if (worker !== own) return
      worker = undefined
      asked = false
    })
    worker = own
    return own
  }
  start()
  return {
    isNew: () => !asked,
    async ask<T>(question: unknown, { timeout, signal }: Limits): Promise<T> {
      signal.throwIfAborted()
      const running = worker ?? start()
      asked = true
      return askWithin(await running, question, timeout, signal)
    },
    async close() {
      const running = await worker
      if (running) await close(running)
    },
  }
}

async function run(host: Host, task: string, texts: WorkerTexts, onEnd: () => void): Promise<Running> {
  const { title = `the task ${task}`, timeoutHint } = texts
  const { child, limit } = await startWorker(host, task)
  const pending = new Map<number, Pending>()
  const stop = (reason: unknown) => {
    onEnd()
    for (const each of pending.values()) each.reject(reason)
    pending.clear()
    child.kill('SIGKILL')
  }
  child.on('message', (message: Message) => {
    if ('failure' in message) return stop(new Problem('worker', `${title} failed: ${message.failure}`))
    settlePending(message, pending)
    if (pending.size === 0) keepAlive(child, false)
  })
  child.on('error', (error) => stop(new Problem('worker', `cannot start a process for ${title}: ${error.message}`, { cause: error })))
  child.on('exit', (_, signal) => stop(exitProblem(signal, limit, { ...texts, title })))
  const timeOut = (seconds: number) =>
    stop(new Problem('timeout', `${title} took longer than ${seconds} s and was stopped`, { hint: timeoutHint }))
  return { child, pending, stop, timeOut }
}

/** Resolves or rejects the question of a reply. */
function settlePending(reply: Reply, pending: Map<number, Pending>): void {
  const { resolve, reject } = pending.get(reply.id) ?? {}
  pending.delete(reply.id)
  try {
    if ('value' in reply) resolve?.(v8().deserialize(reply.value) as never)
    else reject?.(new Problem(reply.problem.code, reply.problem.message, reply.problem))
  } catch (error) {
    reject?.(unsendable(error))
  }
}

/** The id of the last question. */
let last = 0

/** Sends a question. Stops the worker at the timeout or when the signal aborts. */
async function askWithin<T>(
  { child, pending, stop, timeOut }: Running,
  question: unknown,
  timeout: number,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted()
  const id = ++last
  const answer = new Promise<T>((resolve, reject) => pending.set(id, { resolve, reject }))
  const timer = setTimeout(() => timeOut(timeout), Math.min(timeout * 1000, MAX_DELAY_MS))
  const abort = () => stop(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    send(child, { id, question })
    return await answer
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

/** Asks the worker to exit, so that it can write its code cache; kills it after half a second. */
async function close({ child, stop }: Running): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  send(child, { close: true })
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
  stop(undefined)
}

const v8 = () => process.getBuiltinModule('node:v8')

/** The maximum delay of a timer in Node. */
const MAX_DELAY_MS = 2 ** 31 - 1
const CLOSE_MS = 500

/** Returns the Problem of a value that cannot be sent between the processes. */
export const unsendable = (error: unknown) =>
  new Problem('worker', `the result cannot be serialized: ${error instanceof RangeError ? 'nested too deep' : messageOf(error)}`, {
    cause: error,
  })
