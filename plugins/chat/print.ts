import { styleText } from 'node:util'
import { controlEscaper, type Pieces, type ShownText, type View } from 'ainative-code'
import { type MarkdownRenderer, openMarkdownRenderer } from '../formats/index.ts'
import type { ChatEvent } from './exchange.ts'
import type { LiveOutput, Size } from './live-output.ts'
import { createTicks, type Ticks, withTicks } from './ticks.ts'

/** Formats a reply as text with a line end; on a terminal, with rendered Markdown and dimmed reasoning. */
export function printChat(events: AsyncIterable<ChatEvent>, view: View): ShownText {
  const ticks = createTicks()
  const printer = createPrinter(view, ticks)
  const pieces = printPieces(withTicks(events, ticks), printer)
  return { chunks: isRendered(view) ? redrawnAtResize(pieces, ticks) : pieces, rest: printer.end }
}

async function* printPieces(events: AsyncIterable<ChatEvent | 'tick'>, printer: Printer): AsyncGenerator<string> {
  try {
    for await (const event of events) yield await printer.print(event)
  } catch (error) {
    // The text that arrived stays visible above the error.
    yield printer.end()
    throw error
  }
}

/** Passes the pieces on, and requests a tick at each resize of the terminal. */
async function* redrawnAtResize(pieces: AsyncIterable<string>, ticks: Ticks): AsyncGenerator<string> {
  const onResize = () => ticks.now()
  process.stdout.on('resize', onResize)
  try {
    yield* pieces
  } finally {
    process.stdout.off('resize', onResize)
  }
}

type Printer = ReturnType<typeof createPrinter>

/** Turns events into the text to write. */
function createPrinter(view: View, ticks: Ticks) {
  const size = sizeOf(view)
  const reasoning = reasoningText(view)
  let text: Output | undefined
  const end = () => {
    const rest = reasoning.end() + (text?.end() ?? '')
    text = undefined
    return rest
  }
  const addReasoning = (piece: string) => {
    if (!text) return reasoning.add(piece)
    // Reasoning after text starts below the text. Leading line ends of the reasoning would widen the gap.
    return `${end()}\n${reasoning.add(piece.replace(/^\n+/, ''))}`
  }
  const addText = async (piece: string) => {
    text ??= await (isRendered(view) ? renderedText(size, () => ticks.ask(FRAME_MS)) : plainText(view))
    return reasoning.end() + text.add(piece)
  }
  return {
    /** Returns the remaining text, with a line end; empty when called again. */
    end,
    async print(event: ChatEvent | 'tick'): Promise<string> {
      if (event === 'tick') return text?.draw() ?? ''
      if (event.type === 'start' && isRendered(view)) setTimeout(() => void openMarkdownRenderer(() => size().columns), PRELOAD_MS).unref()
      if (event.type === 'pause') return text?.pause() ?? ''
      if (event.type === 'reasoning' && view.interactive) return addReasoning(event.text)
      if (event.type === 'text') return addText(event.text)
      // The text has to end before the summary, which follows this event.
      return event.type === 'end' ? end() || '\n' : ''
    },
  }
}

/** The delay before the Markdown renderer is loaded, in milliseconds: it is loaded while the provider works on the request. */
const PRELOAD_MS = 100

/** The minimum time between two drawings of a growing block, in milliseconds. */
const FRAME_MS = 40

const isRendered = ({ interactive, color }: View) => interactive && color

/** The size of the terminal, read at each call: the event of a resize comes later than the resize. */
const sizeOf = (view: View): Size => {
  return () => {
    const [columns = 0, rows = 0] = view.interactive ? process.stdout.getWindowSize() : []
    return { columns: columns || view.width, rows: rows || 24 }
  }
}

/** Converts the text of a reply to output for a terminal or a file. */
interface Output {
  add(piece: string): string
  /** Returns the output that draws the growing part again. */
  draw(): string
  /** Like draw, but removes the growing part; the next call draws that part again. */
  pause(): string
  /** Returns the rest of the output, with a line end; empty when called again. */
  end(): string
}

/** Writes a reply unchanged; for a terminal, without control characters. */
function plainText({ interactive }: View): Output {
  const safe: Pieces = interactive ? controlEscaper() : { add: (piece) => piece, end: () => '' }
  return { add: safe.add, draw: () => '', pause: () => '', end: () => `${safe.end()}\n` }
}

/** Renders the Markdown of a reply. Complete blocks are drawn once, and the growing block is redrawn. */
async function renderedText(size: Size, askFrame: () => void): Promise<Output> {
  const { createLiveOutput } = await import('./live-output.ts')
  const [renderer, output]: [MarkdownRenderer, LiveOutput] = await Promise.all([
    openMarkdownRenderer(() => size().columns),
    createLiveOutput(size),
  ])
  const safe = controlEscaper()
  let waiting = ''
  const render = () => {
    const shown = renderer.add(safe.add(waiting))
    waiting = ''
    return shown
  }
  return {
    add(piece) {
      waiting += piece
      askFrame()
      return ''
    },
    draw: () => output.draw(render(), renderer.preview()),
    pause() {
      askFrame()
      return output.draw(render(), '')
    },
    end: () => output.end(render() + renderer.add(safe.end()) + renderer.end()),
  }
}

/** Formats the reasoning of a model, which only a terminal shows, above the reply. */
function reasoningText({ color }: View): Pieces {
  const safe = controlEscaper()
  const style = (text: string) => (color && text ? styleText('dim', text, { validateStream: false }) : text)
  let isOpen = false
  return {
    add(piece) {
      isOpen = true
      return style(safe.add(piece))
    },
    end() {
      if (!isOpen) return ''
      isOpen = false
      return `${style(safe.end())}\n\n`
    },
  }
}
