// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/** Text that cannot steer a terminal: control characters become visible ones; lines and tabs stay. */
export const harmless = (text: string) =>
  text.replace(/\r\n/g, '\n').replace(CONTROL, (char) => (char < ' ' ? String.fromCharCode(char.charCodeAt(0) + 0x2400) : '\ufffd'))

/** Text that comes in pieces, made into what is shown of it. */
export interface Pieces {
  /** Takes a piece; gives what can be shown now. */
  add(piece: string): string
  /** Gives what is left. */
  end(): string
}

/** The same for text that comes in pieces: what one ends with may need the next to be understood. */
export function harmlessPieces(): Pieces {
  let held = ''
  return {
    add(piece) {
      const text = held + piece
      held = text.endsWith('\r') ? '\r' : ''
      return harmless(held ? text.slice(0, -1) : text)
    },
    end() {
      const left = held
      held = ''
      return harmless(left)
    },
  }
}
