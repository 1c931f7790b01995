import { splitWords } from './words.ts'

/** A line up to the cursor: its words, of which the last is being typed, and how that one stands there. */
export interface OpenWords {
  words: string[]
  /** Where the last word begins in the line. */
  start: number
  /** The quote that it is within. */
  quote: string
}

/** Splits a line that may end within a quote. */
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

/** Of a text that no shell splits. */
export const UNQUOTED = 'none'

/** What to type after a word that is begun, so that a POSIX shell takes it for exactly this text. */
export function quoteRest(text: string, quote: string): string {
  if (quote === UNQUOTED) return text
  if (quote === "'") return text.replaceAll("'", "'\\''")
  return text.replace(quote ? /["\\$`]/g : /[\s"'\\$`&|;<>()*?!#~[\]{}^]/g, '\\$&')
}
