import { type Context, type Json, Problem, type RowStream, reportOf, type Usage } from 'ainative-code'
import { codeIn } from '../formats/index.ts'
import { modelLabel } from '../models/index.ts'
import type { ChatEvent } from './exchange.ts'
import { type Spinner, startSpinner } from './spinner.ts'

/** Passes the events on, and shows a spinner with the name of the model until the reply starts. */
export async function* withWaiting(
  events: AsyncIterable<ChatEvent>,
  context: Pick<Context, 'progress' | 'signal' | 'host' | 'view'>,
): AsyncIterable<ChatEvent> {
  const { signal } = context
  let spinner: Spinner | undefined
  const end = () => spinner?.stop()
  // An abort stops the spinner at once, because a prompt may follow on the same line.
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

/** Passes the events on, and writes a summary below the reply: the model, the tokens and the time. */
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

/** Passes the events on, but replaces the text of the reply with its code blocks. */
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

/** Passes the events on, and adds an event for an error. For output that programs read. */
export async function* withErrors(events: AsyncIterable<ChatEvent>): AsyncIterable<ChatEvent> {
  try {
    for await (const event of events) if (event.type !== 'pause') yield event
  } catch (error) {
    if (error instanceof Problem) yield { type: 'error', code: error.code, message: error.message, hint: error.hint }
    throw error
  }
}

/** Converts the events to a RowStream whose result is the message. */
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

/** Returns the message at the end. If the reply failed, the error becomes a note, and the stored part is returned. */
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
