// biome-ignore lint/suspicious/noControlCharactersInRegex: matches the characters that must not reach a terminal
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/** Replaces control characters by visible ones, so that a text cannot control a terminal. Line ends and tabs stay. */
export const escapeControls = (text: string) =>
  text.replace(/\r\n/g, '\n').replace(CONTROL, (char) => (char < ' ' ? String.fromCharCode(char.charCodeAt(0) + 0x2400) : '\ufffd'))

/** Converts text that arrives in pieces. */
export interface Pieces {
  /** Takes a piece and returns the text that can be shown now. */
  add(piece: string): string
  /** Returns the rest of the text. */
  end(): string
}

/** Creates an `escapeControls` for text in pieces. Holds back a CR at the end of a piece, since the next piece can begin with its LF. */
export function controlEscaper(): Pieces {
  let held = ''
  return {
    add(piece) {
      const text = held + piece
      held = text.endsWith('\r') ? '\r' : ''
      return escapeControls(held ? text.slice(0, -1) : text)
    },
    end() {
      const left = held
      held = ''
      return escapeControls(left)
    },
  }
}
