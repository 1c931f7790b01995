import { parentPort, workerData } from 'node:worker_threads'
import { load } from './load.ts'
import { messageOf, Problem } from './problem.ts'
import type { Reply } from './thread.ts'

/** A thread's own side: loads a host of its own under the same trust, which only reads, and answers one question after the other. */
async function answerAll(): Promise<void> {
  const host = await load(process.env, { readOnly: true })
  const answer = await host.tasks().get(workerData.task).load()
  parentPort?.on('message', async ({ id, question, close }) => {
    if (close) {
      await host.close()
      return parentPort?.close()
    }
    parentPort?.postMessage(await replyTo(id, () => answer(host, question as never)))
  })
}

async function replyTo(id: number, work: () => Promise<unknown>): Promise<Reply> {
  try {
    return { id, value: await work() }
  } catch (error) {
    const { code, hint, exit } = error instanceof Problem ? error : { code: 'thread', hint: undefined, exit: 1 }
    return { id, problem: { code, message: messageOf(error), hint, exit } }
  }
}

void answerAll()
