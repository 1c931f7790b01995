import { serialize } from 'node:v8'
import type { Host } from '../contract/host.ts'
import { exitProcess } from '../kernel/exit.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { loadHost } from '../loading/load-host.ts'
import { type Message, type Reply, unsendable } from './worker.ts'
import type { WorkerData } from './worker-process.ts'

/** A message from the main process. */
type Request = { id: number; question: never; close?: undefined } | { close: true }
type Answer = (host: Host, question: never) => Promise<unknown>

/** Answers the questions of the main process with a read-only host, which is loaded with the same config and trust. */
function answerAll({ task, plugins, skippedPlugins }: WorkerData): void {
  const ready = loadHost(process.env, { readOnly: true, quiet: true, plugins, skippedPlugins }).then(async (host) => ({
    host,
    answer: (await host.tasks().get(task).load()) as Answer,
  }))
  process.on('message', async (request: Request) => {
    if (request.close) return close((await ready).host)
    process.send?.(await replyTo(request.id, async () => (await ready).answer((await ready).host, request.question)))
  })
}

async function close(host: Host): Promise<void> {
  await host.close()
  process.disconnect()
}

async function replyTo(id: number, work: () => Promise<unknown>): Promise<Reply> {
  try {
    return { id, value: serializeResult(await work()) }
  } catch (error) {
    const { code, hint, exit } = error instanceof Problem ? error : ({ code: 'worker', hint: undefined, exit: 1 } as const)
    return { id, problem: { code, message: messageOf(error), hint, exit } }
  }
}

function serializeResult(value: unknown): Uint8Array {
  try {
    return serialize(value)
  } catch (error) {
    throw unsendable(error)
  }
}

// The terminal sends Ctrl-C to this process too. The main process handles it.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => exitProcess(0))
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => process.send?.({ failure: messageOf(error) } satisfies Message, () => exitProcess(1)))
answerAll(JSON.parse(process.argv[2] ?? ''))
