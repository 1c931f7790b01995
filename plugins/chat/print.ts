import { styleText } from 'node:util'
import { harmlessPieces, type Pieces, type ShownText, type View } from 'ainative-code'
import { openBlocks } from '../formats/index.ts'
import type { ChatEvent } from './exchange.ts'

/** The reply as text: its own bytes and a newline; on a terminal rendered, its reasoning dimmed. */
export function printChat(events: AsyncIterable<ChatEvent>, view: View): ShownText {
  const thoughts = thoughtsOf(view)
  let text: Pieces | undefined
  const left = () => {
    const held = thoughts.end() + (text?.end() ?? '')
    text = undefined
    return held
  }
  const printed = async function* () {
    try {
      for await (const event of events) {
        if (event.type === 'start' && isRendered(view)) setTimeout(() => void openBlocks(view.width), MEANWHILE_MS).unref()
        if (event.type === 'reasoning' && view.interactive) {
          // Thoughts that come again stand below the text. They begin with the gap that sets them apart from the earlier thoughts.
          const again = text !== undefined
          if (again) yield `${left()}\n\n`
          yield thoughts.add(again ? event.text.replace(/^\n+/, '') : event.text)
        }
        if (event.type === 'text') {
          text ??= await piecesFor(view)
          yield thoughts.end() + text.add(event.text)
        }
        // Here, so that what is told of the whole reply comes below it.
        if (event.type === 'end') yield `${left()}\n`
      }
    } catch (error) {
      // What came stays to be seen above the reason.
      const some = text !== undefined
      const held = left()
      yield held || some ? `${held}\n` : ''
      throw error
    }
  }
  const rest = () => {
    const held = left().replace(/^\n+|\n+$/g, '')
    return held && `\n${held}\n`
  }
  return Object.assign(printed(), { rest })
}

/** What renders a reply takes a while to load: it is loaded once the request is on its way. */
const MEANWHILE_MS = 100

const isRendered = ({ interactive, color }: View) => interactive && color

/** A reply's own bytes; on a terminal harmless, and with colours rendered. */
async function piecesFor(view: View): Promise<Pieces> {
  if (!view.interactive) return { add: (piece) => piece, end: () => '' }
  const safe = harmlessPieces()
  if (!isRendered(view)) return safe
  const blocks = await openBlocks(view.width)
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
