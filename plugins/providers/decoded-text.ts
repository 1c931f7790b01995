import { decodeHTMLStrict } from 'entities'

/** A text with decoded escapes, as UTF-8 bytes with one character per byte. Byte i comes from the text between `from[i]` and `to[i]`. */
export interface DecodedText {
  bytes: string
  from: number[]
  to: number[]
}

/** Matches an escape of JSON, JavaScript, URLs or HTML, also one that is escaped several times, or any other character. */
const TOKEN = new RegExp(
  [
    String.raw`\\+u(?:(?<unit>[\da-f]{4})|\{(?<point>[\da-f]{1,6})\})`,
    String.raw`\\+x(?<code>[\da-f]{2})`,
    String.raw`\\+(?<quoted>.)`,
    String.raw`%(?:25)*(?<byte>[\da-f]{2})`,
    String.raw`&(?:amp;)*(?:#0*(?<decimal>\d{1,7});?|#x0*(?<hex>[\da-f]{1,6});?|(?<entity>\w{2,32};))`,
    '.',
  ].join('|'),
  'gisu',
)

/** Decodes each escape of a text once. An escape in a secret is decoded in the same way, so that secret and text match. */
export function decodeText(text: string): DecodedText {
  const from: number[] = []
  const to: number[] = []
  let bytes = ''
  for (const { index, 0: token, groups = {} } of text.matchAll(TOKEN)) {
    const decoded = groups.byte ? String.fromCharCode(Number.parseInt(groups.byte, 16)) : utf8(characterOf(token, groups))
    bytes += decoded
    for (let i = 0; i < decoded.length; i++) {
      from.push(index)
      to.push(index + token.length)
    }
  }
  return { bytes, from, to }
}

/** Returns the UTF-8 bytes of a text, with one character per byte. */
const utf8 = (text: string) => (text < '\x80' ? text : Buffer.from(text).toString('latin1'))

function characterOf(token: string, { unit, point, code, quoted, decimal, hex, entity }: Record<string, string | undefined>): string {
  const number = unit ?? point ?? code ?? hex
  if (number !== undefined) return character(Number.parseInt(number, 16))
  if (decimal !== undefined) return character(Number(decimal))
  if (entity !== undefined) return decodeHTMLStrict(`&${entity}`)
  return quoted ?? token
}

const character = (code: number) => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\ufffd')
