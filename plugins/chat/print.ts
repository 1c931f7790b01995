import { styleText } from 'node:util'
import { harmlessPieces, type Pieces, type ShownText, type View } from 'ainative-code'
import { type Blocks, openBlocks } from '../formats/index.ts'
import type { ChatEvent } from './exchange.ts'
import type { Live, Size } from './live.ts'
import { createTicks, withTicks } from './ticks.ts'

/** The reply as text: its own bytes and a newline; on a terminal rendered, its reasoning dimmed. */
export function printChat(events: AsyncIterable<ChatEvent>, view: View): ShownText {
  const ticks = createTicks()
  const size = sizeOf(view)
  const thoughts = thoughtsOf(view)
  let text: Shown | undefined
  const left = () => {
    const held = thoughts.end() + (text?.end() ?? '')
    text = undefined
    return held
  }
  const printed = async function* () {
    try {
      for await (const event of withTicks(events, ticks)) {
        if (event === 'tick') yield text?.draw() ?? ''
        else if (event.type === 'pause') yield text?.pause() ?? ''
        else if (event.type === 'start' && isRendered(view)) setTimeout(() => void openBlocks(() => size().columns), MEANWHILE_MS).unref()
        else if (event.type === 'reasoning' && view.interactive) {
          // Thoughts that come again stand below the text. They begin with the gap that sets them apart from the earlier thoughts.
          const again = text !== undefined
          if (again) yield `${left()}\n`
          yield thoughts.add(again ? event.text.replace(/^\n+/, '') : event.text)
        } else if (event.type === 'text') {
          text ??= await (isRendered(view) ? renderedText(size, () => ticks.ask(FRAME_MS)) : plainText(view))
          yield thoughts.end() + text.add(event.text)
        }
        // Here, so that what is told of the whole reply comes below it.
        else if (event.type === 'end') yield left() || '\n'
      }
    } catch (error) {
      // What came stays to be seen above the reason.
      yield left()
      throw error
    }
  }
  const onResize = () => ticks.now()
  const watched = async function* () {
    if (isRendered(view)) process.stdout.on('resize', onResize)
    try {
      yield* printed()
    } finally {
      process.stdout.off('resize', onResize)
    }
  }
  return { chunks: watched(), rest: left }
}

/** What renders a reply takes a while to load: it is loaded once the request is on its way. */
const MEANWHILE_MS = 100

/** How long a block that grows waits to be drawn again. */
const FRAME_MS = 40

const isRendered = ({ interactive, color }: View) => interactive && color

/** The size of the terminal, asked for each time: a resize is heard of later than it happens. */
const sizeOf = (view: View): Size => {
  return () => {
    const [columns = 0, rows = 0] = view.interactive ? process.stdout.getWindowSize() : []
    return { columns: columns || view.width, rows: rows || 24 }
  }
}

/** The text of a reply on its way to a terminal or a file. */
interface Shown {
  add(piece: string): string
  /** What is to be drawn again. */
  draw(): string
  /** The same without what is drawn over, which comes back at the next call. */
  pause(): string
  /** What is left, with a line end; nothing after another call. */
  end(): string
}

/** A reply's own bytes, harmless on a terminal. */
function plainText({ interactive }: View): Shown {
  const safe: Pieces = interactive ? harmlessPieces() : { add: (piece) => piece, end: () => '' }
  return { add: safe.add, draw: () => '', pause: () => '', end: () => `${safe.end()}\n` }
}

/** A reply's Markdown, rendered: blocks that are whole stay, and the one that grows is drawn again. */
async function renderedText(size: Size, askFrame: () => void): Promise<Shown> {
  const { createLive } = await import('./live.ts')
  const [blocks, live]: [Blocks, Live] = await Promise.all([openBlocks(() => size().columns), createLive(size)])
  const safe = harmlessPieces()
  let held = ''
  const take = () => {
    const shown = blocks.add(safe.add(held))
    held = ''
    return shown
  }
  return {
    add(piece) {
      held += piece
      askFrame()
      return ''
    },
    draw: () => live.draw(take(), blocks.preview()),
    pause() {
      askFrame()
      return live.draw(take(), '')
    },
    end: () => live.end(take() + blocks.add(safe.end()) + blocks.end()),
  }
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
