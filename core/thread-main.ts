import { parentPort, workerData } from 'node:worker_threads'
import { load } from './load.ts'
import { messageOf, Problem } from './problem.ts'
import type { Reply, ThreadData } from './thread.ts'

/** A thread's own side: loads a host of its own under the same trust, which only reads, and answers one question after the other. */
async function answerAll(): Promise<void> {
  const { task, plugins, without } = workerData as ThreadData
  const host = await load(process.env, { readOnly: true, quiet: true, plugins, without })
  const answer = await host.tasks().get(task).load()
  parentPort?.on('message', async ({ id, question, close }) => {
    if (close) {
      await host.close()
      return parentPort?.close()
    }
    const reply = await replyTo(id, () => answer(host, question as never))
    try {
      parentPort?.postMessage(reply)
    } catch (error) {
      parentPort?.postMessage(await replyTo(id, () => Promise.reject(unsendable(error))))
    }
  })
}

const unsendable = (error: unknown) =>
  new Problem('thread', `the result holds what cannot be printed: ${messageOf(error)}`, { cause: error })

async function replyTo(id: number, work: () => Promise<unknown>): Promise<Reply> {
  try {
    return { id, value: await work() }
  } catch (error) {
    const { code, hint, exit } = error instanceof Problem ? error : { code: 'thread', hint: undefined, exit: 1 }
    return { id, problem: { code, message: messageOf(error), hint, exit } }
  }
}

void answerAll()
