import path from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { Host } from './host.ts'
import { codeOf, messageOf, Problem } from './problem.ts'

/** Work that a plugin does in a thread of its own, where it can be stopped; each question gets an answer, both structured-cloneable. */
export interface Task {
  name: string
  load(): Promise<(host: Host, question: never) => Promise<unknown>>
}

/** How long an answer may take, in seconds, and what else ends the wait. */
export interface Limits {
  timeout: number
  signal: AbortSignal
}

/** The main thread's side of a task. Its thread loads a host of its own, which only reads; it starts with the first question. */
export interface Thread {
  ask<T>(question: unknown, limits: Limits): Promise<T>
  /** Whether the next question meets a thread that knows nothing of earlier ones. */
  isNew(): boolean
  close(): Promise<void>
}

/** What a thread is started with. */
export interface ThreadData {
  task: string
  /** Whether its host has users' plugins too. */
  plugins: boolean
  /** The files of those that were not loaded. */
  without: string[]
}

export interface Reply {
  id: number
  value?: unknown
  problem?: { code: string; message: string; hint?: string; exit: number }
}

type Waiting = { resolve(value: never): void; reject(error: unknown): void }

export function openThread(host: Host, task: string): Thread {
  let worker: Promise<Worker> | undefined
  let last = 0
  const waiting = new Map<number, Waiting>()
  const end = (why: unknown) => {
    const ended = worker
    worker = undefined
    for (const each of waiting.values()) each.reject(why)
    waiting.clear()
    return ended?.then((each) => each.terminate())
  }
  const start = async (): Promise<Worker> => {
    const started = await startWorker(host, task)
    const own = worker
    // One that was ended tells so when its successor may be at work.
    const endOwn = (why: Problem) => own === worker && end(why)
    started.on('message', ({ id, value, problem }: Reply) => {
      const { resolve, reject } = waiting.get(id) ?? {}
      waiting.delete(id)
      if (problem) reject?.(new Problem(problem.code, problem.message, problem))
      else resolve?.(value as never)
      if (waiting.size === 0) started.unref()
    })
    started.on('error', (error) => endOwn(threadProblem(error)))
    started.on('exit', () =>
      endOwn(new Problem('thread', 'the query was ended from within', { hint: 'a function of a plugin may have done it' })),
    )
    return started
  }
  return {
    isNew: () => worker === undefined,
    async ask<T>(question: unknown, { timeout, signal }: Limits): Promise<T> {
      signal.throwIfAborted()
      worker ??= start()
      const id = ++last
      const answer = new Promise<T>((resolve, reject) => waiting.set(id, { resolve, reject }))
      const timer = setTimeout(() => end(tookTooLong(timeout)), Math.min(timeout * 1000, MAX_DELAY_MS))
      const abort = () => end(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      try {
        const asked = await worker
        asked.ref()
        asked.postMessage({ id, question })
        return await answer
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
    },
    async close() {
      const open = await worker
      if (!open) return
      // It ends by itself, so that what it learned of the build is kept.
      const ended = new Promise((resolve) => open.once('exit', resolve))
      open.ref()
      open.postMessage({ close: true })
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
      await end(undefined)
    },
  }
}

/** The longest that a timer of node can wait. */
const MAX_DELAY_MS = 2 ** 31 - 1
const CLOSE_MS = 500

async function startWorker({ env, onlyShipped, plugins }: Host, task: string): Promise<Worker> {
  const { Worker } = await import('node:worker_threads')
  // In the build, files of chunks/ have a __dirname; sources are loaded as they are.
  const file = typeof __dirname === 'string' ? path.join(__dirname, '../thread.cjs') : new URL('./thread-main.ts', import.meta.url)
  const failed = plugins.flatMap(({ problem, file: from }) => (problem !== undefined && from !== undefined ? [from] : []))
  return new Worker(file, { env, workerData: { task, plugins: !onlyShipped, without: failed } satisfies ThreadData })
}

const tookTooLong = (seconds: number) =>
  new Problem('timeout', `this took longer than ${seconds} s and was stopped`, { hint: 'query --timeout SECONDS gives it more' })

function threadProblem(error: unknown): Problem {
  if (codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY')
    return new Problem('memory', 'this needs more memory than there is, and was stopped', { hint: 'ask for less at a time' })
  return new Problem('thread', `the query failed: ${messageOf(error)}`, { cause: error })
}
