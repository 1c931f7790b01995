import { type Context, type Json, oneLine, Problem, reportOf, shorten, type Usage } from 'ainative-code'
import type { ChatEvent } from './exchange.ts'

const PATIENCE_MS = 1000

/** The same events; where the first piece takes long, a line that goes again says so. */
export async function* withWaiting(
  events: AsyncIterable<ChatEvent>,
  { progress, signal, view }: Pick<Context, 'progress' | 'signal' | 'view'>,
): AsyncIterable<ChatEvent> {
  let timer: NodeJS.Timeout | undefined
  let waits = true
  const end = () => {
    waits = false
    clearTimeout(timer)
    progress('')
  }
  const tell = async (name: string) => {
    const line = await shorten(`waiting for ${oneLine(name)} …`, view.width - 1)
    if (waits) progress(line)
  }
  // At once: a prompt may stand there next.
  signal.addEventListener('abort', end)
  try {
    for await (const event of events) {
      if (event.type === 'start') {
        const name = [event.provider, event.model].filter(Boolean).join('/')
        timer = setTimeout(() => void tell(name), PATIENCE_MS)
      } else end()
      yield event
    }
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

/** The same events, and below the reply a line that tells what it took. */
export async function* withSummary(events: AsyncIterable<ChatEvent>, { note }: Pick<Context, 'note'>): AsyncIterable<ChatEvent> {
  for await (const event of events) {
    yield event
    if (event.type === 'end') note(summaryOf(event.message))
  }
}

function summaryOf(message: Json): string {
  const {
    provider,
    model,
    latency_ms = 0,
    usage = {},
  } = message as { provider?: string; model?: string; latency_ms?: number; usage?: Usage }
  const counts = [
    usage.input !== undefined && `${usage.input} in`,
    usage.output !== undefined && `${usage.output} out`,
    usage.cached && `${usage.cached} cached`,
  ].filter(Boolean)
  const tokens = counts.length > 0 && `${counts.join(', ')} tokens`
  return [[provider, model].filter(Boolean).join('/'), tokens, `${(latency_ms / 1000).toFixed(1)} s`].filter(Boolean).join(' · ')
}

/** The same events, with one for what ends them. */
export async function* withErrors(events: AsyncIterable<ChatEvent>): AsyncIterable<ChatEvent> {
  try {
    yield* events
  } catch (error) {
    if (error instanceof Problem) yield { type: 'error', code: error.code, message: error.message, hint: error.hint }
    throw error
  }
}

/** The message is what a chat amounts to. */
export function withResult(events: AsyncIterable<ChatEvent>) {
  let message: Json | undefined
  const noticed = async function* () {
    for await (const event of events) {
      if (event.type === 'end') message = event.message
      yield event
    }
  }
  return Object.assign(noticed(), { result: () => message })
}

/** The message at the end, also of a reply that did not end well. */
export async function endOf(events: AsyncIterable<ChatEvent>, { note, fail }: Context): Promise<Json | undefined> {
  let message: Json | undefined
  try {
    for await (const event of events) if (event.type === 'end') message = event.message
  } catch (error) {
    if (!message || !(error instanceof Problem)) throw error
    note(reportOf(error, false).trimEnd())
    fail()
  }
  return message
}
