import { usage } from '../kernel/problem.ts'

interface Scanned {
  words: string[]
  /** The quote that nothing closes. */
  quote: string
  /** Whether a backslash at the end wants the next character. */
  escaping: boolean
}

function scan(line: string): Scanned {
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

/** A line as a POSIX shell would split it: quotes and backslashes, but no expansion of any kind. */
export function splitWords(line: string): string[] {
  const { words, quote } = scan(line)
  if (quote) throw usage(`there is no closing ${quote} in this line`, 'close the quote, or put a backslash before it')
  return words
}

/** Whether a command goes on in the next line: within a quote, or after a backslash. */
export function isOpen(line: string): boolean {
  const { quote, escaping } = scan(line)
  return quote !== '' || escaping
}

/** A text and its next line: a backslash at the end goes, which only says that there is one. */
export function joinLines(text: string, next: string): string {
  return scan(text).escaping ? text.slice(0, -1) + next : `${text}\n${next}`
}

/** A word as a POSIX shell reads it back. */
export const quoteWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
