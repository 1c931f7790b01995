import type { ChildProcess } from 'node:child_process'
import type { Host } from '../contract/host.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { exitProblem, keepAlive, send, startWorker } from './worker-process.ts'

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

/**
 * A message from the worker: the reply to one question, or a failure outside of any question. The value is serialized by v8, since the
 * main process could not catch an error of the channel that reads it.
 */
export type Message = Reply | { failure: string }
export type Reply = { id: number } & (
  | { value: Uint8Array }
  | { problem: { code: Problem['code']; message: string; hint?: string; exit: number } }
)

type Waiting = { resolve(value: never): void; reject(error: unknown): void }

/** A running worker process and the questions that wait for its replies. */
interface Running {
  child: ChildProcess
  waiting: Map<number, Waiting>
  /** Rejects what waits, and ends the process. */
  stop(reason: unknown): void
}

/**
 * A worker is a process and not a thread: V8 aborts the whole process when one large allocation fails, also in a thread that has
 * resource limits. It starts at once, and again with the first question after it was stopped.
 */
export function openWorker(host: Host, task: string): Worker {
  let worker: Promise<Running> | undefined
  let asked = false
  const start = () => {
    const own = run(host, task, () => {
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

async function run(host: Host, task: string, onEnd: () => void): Promise<Running> {
  const { child, limit } = await startWorker(host, task)
  const waiting = new Map<number, Waiting>()
  const stop = (reason: unknown) => {
    onEnd()
    for (const each of waiting.values()) each.reject(reason)
    waiting.clear()
    child.kill('SIGKILL')
  }
  child.on('message', (message: Message) => {
    if ('failure' in message) return stop(new Problem('query', `the query failed: ${message.failure}`))
    settle(message, waiting)
    if (waiting.size === 0) keepAlive(child, false)
  })
  child.on('error', (error) => stop(new Problem('worker', `cannot start a process for the query: ${error.message}`, { cause: error })))
  child.on('exit', (_, signal) => stop(exitProblem(signal, limit)))
  return { child, waiting, stop }
}

function settle(reply: Reply, waiting: Map<number, Waiting>): void {
  const { resolve, reject } = waiting.get(reply.id) ?? {}
  waiting.delete(reply.id)
  try {
    if ('value' in reply) resolve?.(v8().deserialize(reply.value) as never)
    else reject?.(new Problem(reply.problem.code, reply.problem.message, reply.problem))
  } catch (error) {
    reject?.(unsendable(error))
  }
}

let last = 0

/** Asks, and stops the worker where the answer takes too long or is no longer wanted. */
async function askWithin<T>({ child, waiting, stop }: Running, question: unknown, timeout: number, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const id = ++last
  const answer = new Promise<T>((resolve, reject) => waiting.set(id, { resolve, reject }))
  const timer = setTimeout(() => stop(timeoutProblem(timeout)), Math.min(timeout * 1000, MAX_DELAY_MS))
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

/** The worker exits by itself, so that it can write its code cache. */
async function close({ child, stop }: Running): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  send(child, { close: true })
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
  stop(undefined)
}

const v8 = () => process.getBuiltinModule('node:v8')

/** The longest delay of a timer in Node. */
const MAX_DELAY_MS = 2 ** 31 - 1
const CLOSE_MS = 500

/** The Problem of a value that cannot be sent between the processes. */
export const unsendable = (error: unknown) =>
  new Problem(
    'query',
    `the result holds what cannot be printed: ${error instanceof RangeError ? 'it is nested too deep' : messageOf(error)}`,
    {
      cause: error,
    },
  )

const timeoutProblem = (seconds: number) =>
  new Problem('timeout', `this took longer than ${seconds} s and was stopped`, { hint: 'query --timeout SECONDS gives it more' })
