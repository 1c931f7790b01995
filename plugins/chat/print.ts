import { styleText } from 'node:util'
import { type Context, harmless, type Json, type ShownText, type Usage, type View } from 'ainative-code'
import { openBlocks } from '../formats/index.ts'
import type { ChatEvent } from './exchange.ts'

/** The reply as text: its own bytes and a newline; on a terminal rendered, its reasoning dimmed. */
export function printChat(events: AsyncIterable<ChatEvent>, view: View): ShownText {
  let shown: Pieces | undefined
  const printed = printOf(events, view, (text) => {
    shown = text
  })
  const rest = () => {
    const held = shown?.end() ?? ''
    return held && `\n${held.replace(/^\n+/, '')}\n`
  }
  return Object.assign(printed, { rest })
}

async function* printOf(events: AsyncIterable<ChatEvent>, view: View, began: (text: Pieces) => void): AsyncIterable<string> {
  const text = view.color && view.interactive ? await renderedText(view) : plainText(view)
  began(text)
  const thoughts = thoughtsOf(view)
  try {
    for await (const event of events) {
      if (event.type === 'reasoning') yield thoughts.add(event.text)
      if (event.type === 'text') yield thoughts.end() + text.add(event.text)
      // Here, so that what is told of the whole reply comes below it.
      if (event.type === 'end') yield `${thoughts.end()}${text.end()}\n`
    }
  } catch (error) {
    // What came stays to be seen above the reason.
    const left = thoughts.end() + text.end()
    yield left || text.some() ? `${left}\n` : ''
    throw error
  }
}

/** Text that comes in pieces. */
interface Pieces {
  add(piece: string): string
  end(): string
  /** Whether anything came. */
  some(): boolean
}

function plainText({ interactive }: View): Pieces {
  let came = false
  return {
    add(piece) {
      came = true
      return interactive ? harmless(piece) : piece
    },
    end: () => '',
    some: () => came,
  }
}

async function renderedText({ width }: View): Promise<Pieces> {
  const blocks = await openBlocks(width)
  let came = false
  return {
    add(piece) {
      came = true
      return blocks.add(harmless(piece))
    },
    end: () => blocks.end(),
    some: () => came,
  }
}

/** What a model thinks is shown on a terminal alone, apart from its reply. */
function thoughtsOf({ interactive, color }: View) {
  let open = false
  return {
    add(piece: string): string {
      if (!interactive) return ''
      open = true
      return color ? styleText('dim', harmless(piece), { validateStream: false }) : harmless(piece)
    },
    end(): string {
      const was = open
      open = false
      return was ? '\n\n' : ''
    },
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
