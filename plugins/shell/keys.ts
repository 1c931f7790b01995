/** What comes from a terminal: text to insert, the end of a line, or any other key by its bytes. */
export interface Token {
  kind: 'text' | 'enter' | 'key' | 'end'
  text: string
  /** The end of a line within a paste. */
  pasted?: boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal sends for its keys
const KEYS = /(\r\n?|\n)|(\x1b\x1b?(?:\[\[?[\d;]*[~^$@A-Za-z]|O\d?[A-Za-z]|[^\x1b[O])|[\x00-\x1f\x7f])|([^\x00-\x08\x0a-\x1f\x7f]+)/gs
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const CUT = /\x1b\x1b?(?:\[\[?[\d;]*|O\d?)?$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these would steer the terminal, and no command wants them
const STEERING = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/** The start of a key's bytes at the end of a chunk, whose rest has yet to come. */
export const cutKey = (chunk: string) => CUT.exec(chunk)?.[0] ?? ''

/** A chunk as tokens. A tab within text is text; at the end of a chunk it is the key. */
export function tokensOf(chunk: string): Token[] {
  const end = chunk.search(/\t+$/)
  const text = end < 0 ? chunk : chunk.slice(0, end)
  const tokens = [...text.matchAll(KEYS)].flatMap(([, enter, key, rest]): Token[] => {
    if (enter) return [{ kind: 'enter', text: '\n' }]
    return key ? [{ kind: 'key', text: key }] : textToken(rest ?? '')
  })
  return [...tokens, ...Array.from(chunk.slice(text.length), (tab): Token => ({ kind: 'key', text: tab }))]
}

/** A paste as tokens: none of it is a key. */
export const pasteTokens = (paste: string): Token[] =>
  paste
    .split(/\r\n?|\n/)
    .flatMap((line, i): Token[] => [...(i > 0 ? [{ kind: 'enter', text: '\n', pasted: true } as const] : []), ...textToken(line)])

function textToken(raw: string): Token[] {
  const text = raw.replace(STEERING, '')
  return text ? [{ kind: 'text', text }] : []
}
