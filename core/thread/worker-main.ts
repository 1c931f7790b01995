import { serialize } from 'node:v8'
import type { Host } from '../contract/host.ts'
import { exitProcess } from '../kernel/exit.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { load } from '../loading/load-host.ts'
import { type Message, type Reply, unsendable } from './worker.ts'
import type { WorkerData } from './worker-process.ts'

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
    process.send?.(await replyTo(asked.id, async () => (await ready).answer((await ready).host, asked.question)))
  })
}

async function close(host: Host): Promise<void> {
  await host.close()
  process.disconnect()
}

async function replyTo(id: number, work: () => Promise<unknown>): Promise<Reply> {
  try {
    return { id, value: serialized(await work()) }
  } catch (error) {
    const { code, hint, exit } = error instanceof Problem ? error : ({ code: 'query', hint: undefined, exit: 1 } as const)
    return { id, problem: { code, message: messageOf(error), hint, exit } }
  }
}

function serialized(value: unknown): Uint8Array {
  try {
    return serialize(value)
  } catch (error) {
    throw unsendable(error)
  }
}

// The terminal sends Ctrl-C to this process too; the main process decides what it ends.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => exitProcess(0))
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => process.send?.({ failure: messageOf(error) } satisfies Message, () => exitProcess(1)))
answerAll(JSON.parse(process.argv[2] ?? ''))
