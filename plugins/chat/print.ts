import { styleText } from 'node:util'
import { type Context, harmless, harmlessPieces, type Json, type Pieces, type ShownText, type Usage, type View } from 'ainative-code'
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
  let text = await piecesFor(view)
  began(text)
  const thoughts = thoughtsOf(view)
  let some = false
  try {
    for await (const event of events) {
      if (event.type === 'reasoning' && view.interactive) {
        if (some) {
          // It thinks again, below what it said.
          yield `${text.end()}\n\n`
          text = await piecesFor(view)
          began(text)
          some = false
        }
        yield thoughts.add(event.text)
      }
      if (event.type === 'text') {
        some = true
        yield thoughts.end() + text.add(event.text)
      }
      // Here, so that what is told of the whole reply comes below it.
      if (event.type === 'end') {
        some = false
        yield `${thoughts.end()}${text.end()}\n`
      }
    }
  } catch (error) {
    // What came stays to be seen above the reason.
    const left = thoughts.end() + text.end()
    yield left || some ? `${left}\n` : ''
    throw error
  }
}

/** A reply's own bytes; on a terminal harmless, and with colours rendered. */
async function piecesFor({ interactive, color, width }: View): Promise<Pieces> {
  if (!interactive) return { add: (piece) => piece, end: () => '' }
  const safe = harmlessPieces()
  if (!color) return safe
  const blocks = await openBlocks(width)
  return { add: (piece) => blocks.add(safe.add(piece)), end: () => blocks.add(safe.end()) + blocks.end() }
}

/** What a model thinks is shown on a terminal alone, apart from its reply. */
function thoughtsOf({ color }: View): Pieces {
  const safe = harmlessPieces()
  const style = (text: string) => (color && text ? styleText('dim', text, { validateStream: false }) : text)
  let open = false
  return {
    add(piece) {
      open = true
      return style(safe.add(piece))
    },
    end() {
      if (!open) return ''
      open = false
      return `${style(safe.end())}\n\n`
    },
  }
}

const PATIENCE_MS = 1000

/** The same events; where the first piece takes long, a line that goes again says so. */
export async function* withWaiting(events: AsyncIterable<ChatEvent>, { progress }: Pick<Context, 'progress'>): AsyncIterable<ChatEvent> {
  let timer: NodeJS.Timeout | undefined
  const end = () => {
    clearTimeout(timer)
    progress('')
  }
  try {
    for await (const event of events) {
      if (event.type === 'start') {
        const { provider, model } = event
        timer = setTimeout(() => progress(`waiting for ${harmless([provider, model].filter(Boolean).join('/'))} …`), PATIENCE_MS)
      } else end()
      yield event
    }
  } finally {
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
