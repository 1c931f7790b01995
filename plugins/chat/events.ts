import { type Context, type Json, Problem, type RowStream, reportOf, type Usage } from 'ainative-code'
import { codeIn } from '../formats/index.ts'
import { modelLabel } from '../models/index.ts'
import type { ChatEvent } from './exchange.ts'
import { type Spinner, startSpinner } from './spinner.ts'

/** The same events, with a spinner that names the model until the reply starts. */
export async function* withWaiting(
  events: AsyncIterable<ChatEvent>,
  context: Pick<Context, 'progress' | 'signal' | 'host' | 'view'>,
): AsyncIterable<ChatEvent> {
  const { signal } = context
  let spinner: Spinner | undefined
  const end = () => spinner?.stop()
  // At once, since a prompt may follow on the line.
  signal.addEventListener('abort', end)
  try {
    for await (const event of events) {
      if (event.type === 'start') spinner = startSpinner(modelLabel(event), context)
      else if (event.type !== 'pause') end()
      yield event
    }
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

/** The same events, with a summary below the reply: the model, the tokens and the time. */
export async function* withSummary(events: AsyncIterable<ChatEvent>, { note }: Pick<Context, 'note'>): AsyncIterable<ChatEvent> {
  for await (const event of events) {
    yield event
    if (event.type === 'end') note(summaryOf(event.message), 'dim')
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
  return [modelLabel({ provider, model }), tokens, `${(latency_ms / 1000).toFixed(1)} s`].filter(Boolean).join(' · ')
}

/** The same events, with the code blocks in place of the reply's text. */
export async function* onlyCode(events: AsyncIterable<ChatEvent>): AsyncIterable<ChatEvent> {
  for await (const event of events) {
    if (event.type === 'end') {
      const blocks = await codeIn(String(event.message.content))
      if (blocks.length === 0)
        throw new Problem('no-code', 'the reply has no code block', { hint: 'ainative-code session show last shows the reply' })
      yield { type: 'text', text: blocks.map(({ text }) => text).join('\n\n') }
    }
    if (event.type !== 'text' && event.type !== 'reasoning') yield event
  }
}

/** The events for programs, with an event for the error that ends them. */
export async function* withErrors(events: AsyncIterable<ChatEvent>): AsyncIterable<ChatEvent> {
  try {
    for await (const event of events) if (event.type !== 'pause') yield event
  } catch (error) {
    if (error instanceof Problem) yield { type: 'error', code: error.code, message: error.message, hint: error.hint }
    throw error
  }
}

/** The same events, whose result is the message. */
export function withResult(events: AsyncIterable<ChatEvent>): RowStream<ChatEvent> {
  let message: Json | undefined
  const watched = async function* () {
    for await (const event of events) {
      if (event.type === 'end') message = event.message
      yield event
    }
  }
  return { rows: watched(), result: () => message }
}

/** The message at the end; also of a reply that failed, whose problem becomes a note. */
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
