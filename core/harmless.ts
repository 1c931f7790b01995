// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/** Text that cannot steer a terminal: control characters become visible ones; lines and tabs stay. */
export const harmless = (text: string) =>
  text.replace(/\r\n/g, '\n').replace(CONTROL, (char) => (char < ' ' ? String.fromCharCode(char.charCodeAt(0) + 0x2400) : '\ufffd'))

/** The same for text that comes in pieces: what one ends with may need the next to be understood. */
export function harmlessPieces(): { add(piece: string): string; end(): string } {
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
