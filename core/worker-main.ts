import { exitProcess } from './exit.ts'
import type { Host } from './host.ts'
import { load } from './load.ts'
import { messageOf, Problem } from './problem.ts'
import type { Message, WorkerData } from './worker.ts'

type Asked = { id: number; question: never; close?: undefined } | { close: true }
type Answer = (host: Host, question: never) => Promise<unknown>

/** The worker's own side: loads a read-only host under the same trust, and answers the questions of the main process. */
function answerAll({ task, plugins, without }: WorkerData): void {
  const ready = load(process.env, { readOnly: true, quiet: true, plugins, without }).then(async (host) => ({
    host,
    answer: (await host.tasks().get(task).load()) as Answer,
  }))
  process.on('message', async (asked: Asked) => {
    if (asked.close) return close((await ready).host)
    post(await replyTo(asked.id, async () => (await ready).answer((await ready).host, asked.question)))
  })
}

async function close(host: Host): Promise<void> {
  await host.close()
  process.disconnect()
}

function post(reply: Message & { id: number }): void {
  try {
    process.send?.(reply)
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deep' : messageOf(error)
    const message = `the result holds what cannot be printed: ${reason}`
    process.send?.({ id: reply.id, problem: { code: 'query', message, exit: 1 } } satisfies Message)
  }
}

async function replyTo(id: number, work: () => Promise<unknown>): Promise<Message & { id: number }> {
  try {
    return { id, value: await work() }
  } catch (error) {
    const { code, hint, exit } = error instanceof Problem ? error : { code: 'query', hint: undefined, exit: 1 }
    return { id, problem: { code, message: messageOf(error), hint, exit } }
  }
}

// The terminal sends Ctrl-C to this process too; the main process decides what it ends.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => exitProcess(0))
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => process.send?.({ failure: messageOf(error) } satisfies Message, () => exitProcess(1)))
answerAll(JSON.parse(process.argv[2] ?? ''))
