import { splitWords } from './words.ts'

/** The words of a line up to the cursor. The last word is unfinished. */
export interface OpenWords {
  words: string[]
  /** The offset of the last word in the line. */
  start: number
  /** The open quote around the last word, or an empty string. */
  quote: string
}

/** Splits a line that may end inside a quote. */
export function openWords(line: string): OpenWords {
  let start = 0
  let quote = ''
  let escaping = false
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string
    if (char === '\\' && quote !== "'") escaping = ++i === line.length
    else if (char === quote) quote = ''
    else if (!quote && (char === '"' || char === "'")) quote = char
    else if (!quote && /\s/.test(char)) start = i + 1
  }
  const last = splitWords(line.slice(start, escaping ? -1 : undefined) + quote)
  return { words: [...splitWords(line.slice(0, start)), last[0] ?? ''], start, quote }
}

/** The `quote` of text that no shell parses. */
export const UNQUOTED = 'none'

/** Escapes the rest of an unfinished word for a POSIX shell. `quote` is the open quote around the word. */
export function quoteRest(text: string, quote: string): string {
  if (quote === UNQUOTED) return text
  if (quote === "'") return text.replaceAll("'", "'\\''")
  return text.replace(quote ? /["\\$`]/g : /[\s"'\\$`&|;<>()*?!#~[\]{}^]/g, '\\$&')
}
