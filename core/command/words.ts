import { usage } from '../kernel/problem.ts'

/** The words of a line, and how the line ends. */
interface ScannedLine {
  words: string[]
  /** The unclosed quote, or an empty string. */
  quote: string
  /** True if the line ends with a backslash that escapes the line break. */
  escaping: boolean
}

function scan(line: string): ScannedLine {
  const words: string[] = []
  let word: string | undefined
  let escaping = false
  const add = (text: string) => {
    word = (word ?? '') + text
  }
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string
    const next = line[i + 1]
    if (quote === "'" && char !== "'") add(char)
    else if (char === '\\' && next === undefined) {
      escaping = true
      add(char)
    } else if (quote === '"' && char === '\\' && next && '"\\$`'.includes(next)) add(line[++i] as string)
    else if (char === quote) quote = ''
    else if (quote) add(char)
    else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (char === '\\') add(line[++i] as string)
    else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else add(char)
  }
  if (word !== undefined) words.push(word)
  return { words, quote, escaping }
}

/** Splits a line into words like a POSIX shell: quotes and backslashes, but no expansion. Throws a usage Problem for an unclosed quote. */
export function splitWords(line: string): string[] {
  const { words, quote } = scan(line)
  if (quote) throw usage(`missing closing ${quote}`, 'close the quote, or escape it with a backslash')
  return words
}

/** True if a command continues on the next line: inside a quote, or after a backslash. */
export function isOpen(line: string): boolean {
  const { quote, escaping } = scan(line)
  return quote !== '' || escaping
}

/** Joins a text and its next line; removes a backslash that escapes the line break. */
export function joinLines(text: string, next: string): string {
  return scan(text).escaping ? text.slice(0, -1) + next : `${text}\n${next}`
}

/** Quotes a word for a POSIX shell, if necessary. */
export const quoteWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
