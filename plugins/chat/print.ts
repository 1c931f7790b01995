import { styleText } from 'node:util'
import { harmless, type Json, type Usage, type View } from 'ainative-code'
import type { ChatEvent } from './exchange.ts'

/** The reply as text: its own bytes and a newline; on a terminal as rendered Markdown, block by block, with the reasoning dimmed. */
export async function* printChat(events: AsyncIterable<ChatEvent>, view: View): AsyncIterable<string> {
  const dim = (text: string) => (view.color ? styleText('dim', text, { validateStream: false }) : text)
  const safe = view.interactive ? harmless : (text: string) => text
  let last = ''
  for await (const event of events) {
    if (event.type === 'reasoning' && view.interactive) yield dim(safe(event.text))
    if (event.type !== 'text') continue
    last = event.text.at(-1) ?? last
    yield safe(event.text)
  }
  if (last !== '\n') yield '\n'
}

/** The line that tells what a reply took. */
export function summaryOf(message: Json): string {
  const { provider, model, latency_ms, usage } = message as { provider?: string; model?: string; latency_ms?: number; usage?: Usage }
  const counts = [
    usage?.input !== undefined && `${usage.input} in`,
    usage?.output !== undefined && `${usage.output} out`,
    usage?.cached ? `${usage.cached} cached` : false,
  ].filter(Boolean)
  const parts = [
    [provider, model].filter(Boolean).join('/'),
    counts.length > 0 && `${counts.join(', ')} tokens`,
    latency_ms !== undefined && `${(latency_ms / 1000).toFixed(1)} s`,
  ]
  return parts.filter(Boolean).join(' · ')
}
