import { completeWords, type Host, openWords, quoteRest } from 'ainative-code'

/**
 * Candidates for COMPREPLY, a line each, quoted as bash needs them. Bash replaces what follows the last character that it breaks words at,
 * so an answer begins there; it closes an open quote by itself.
 */
export async function bashReplies(host: Host, breaks: string, line: string): Promise<string> {
  const { words, start, quote } = openWords(line)
  const typed = line.slice(start)
  const word = words.at(-1) ?? ''
  // What bash would expand is not the text that stands there, and what follows it might become code.
  if (quote !== "'" && EXPANDED.test(typed)) return ''
  const from = quote ? typed.lastIndexOf(quote) + 1 : lastBreak(typed, breaks)
  const candidates = await completeWords(host, words.slice(nameAt(words) + 1))
  return candidates
    .filter(({ value }) => quote !== '"' || !value.includes('!'))
    .map(({ value, open }) => `${(typed + quoteRest(value.slice(word.length), quote)).slice(from)}${open || quote ? '' : ' '}\n`)
    .join('')
}

const EXPANDED = /(^|[^\\])(\\\\)*[$`]/

/** The program's own name, after settings such as `A=b`. */
const nameAt = (words: string[]) => words.findIndex((word) => !/^\w+=/.test(word))

function lastBreak(typed: string, breaks: string): number {
  for (let i = typed.length - 1; i >= 0; i--) if (breaks.includes(typed[i] as string) && typed[i - 1] !== '\\') return i + 1
  return 0
}
