/** A unit of terminal input: text to insert, the end of a line, any other key as its bytes, or the end of the input. */
export interface Token {
  kind: 'text' | 'enter' | 'key' | 'end'
  text: string
  /** True for the end of a line within a paste. */
  pasted?: boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals send these characters for keys
const KEYS = /(\r\n?|\n)|(\x1b\x1b?(?:\[\[?[\d;]*[~^$@A-Za-z]|O\d?[A-Za-z]|[^\x1b[O])|[\x00-\x1f\x7f])|([^\x00-\x08\x0a-\x1f\x7f]+)/gs
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const INCOMPLETE = /\x1b\x1b?(?:\[\[?[\d;]*|O\d?)?$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters control the terminal
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/** The incomplete escape sequence at the end of a chunk, or an empty text. */
export const incompleteKey = (chunk: string) => INCOMPLETE.exec(chunk)?.[0] ?? ''

/** Splits a chunk into tokens. A tab within text is text; a tab at the end of a chunk is a key. */
export function tokensOf(chunk: string): Token[] {
  const end = chunk.search(/\t+$/)
  const text = end < 0 ? chunk : chunk.slice(0, end)
  const tokens = [...text.matchAll(KEYS)].flatMap(([, enter, key, rest]): Token[] => {
    if (enter) return [{ kind: 'enter', text: '\n' }]
    return key ? [{ kind: 'key', text: key }] : textToken(rest ?? '')
  })
  return [...tokens, ...Array.from(chunk.slice(text.length), (tab): Token => ({ kind: 'key', text: tab }))]
}

/** Splits a paste into tokens, without keys. */
export const pasteTokens = (paste: string): Token[] =>
  paste
    .split(/\r\n?|\n/)
    .flatMap((line, i): Token[] => [...(i > 0 ? [{ kind: 'enter', text: '\n', pasted: true } as const] : []), ...textToken(line)])

function textToken(raw: string): Token[] {
  const text = raw.replace(CONTROL, '')
  return text ? [{ kind: 'text', text }] : []
}
