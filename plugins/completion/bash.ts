import { completeWords, type Host, openWords, quoteRest } from 'ainative-code'

/**
 * Candidates for COMPREPLY, a line each, quoted as bash needs them. Bash replaces the text after the last word break alone, so an answer
 * begins there. An open quote is closed here: bash does not close it after a value that ends with the same character.
 */
export async function bashReplies(host: Host, breaks: string, line: string): Promise<string> {
  const { words, start, quote } = openWords(line)
  const typed = line.slice(start)
  const word = words.at(-1) ?? ''
  // What bash would expand is not the text that stands there, and what follows it might become code.
  if (quote !== "'" && EXPANDED.test(typed)) return ''
  const from = replacedFrom(typed, breaks)
  const candidates = await completeWords(host, words.slice(nameAt(words) + 1))
  return candidates
    .filter(({ value }) => quote !== '"' || !value.includes('!'))
    .map(({ value, open }) => `${(typed + quoteRest(value.slice(word.length), quote)).slice(from)}${open ? '' : quote || ' '}\n`)
    .join('')
}

const EXPANDED = /(^|[^\\])(\\\\)*[$`]/

/** The program's own name, after settings such as `A=b`. */
const nameAt = (words: string[]) => words.findIndex((word) => !/^\w+=/.test(word))

/** Characters that break words, but belong to the word that they begin (rl_special_prefixes in bash). */
const KEPT = '$@'

/** Where the text begins that bash replaces: within the open quote, or after the last character that breaks words outside of quotes. */
function replacedFrom(typed: string, breaks: string): number {
  let from = 0
  let quote = ''
  let quoted = 0
  for (let i = 0; i < typed.length; i++) {
    const char = typed[i] as string
    if (char === '\\' && quote !== "'") i++
    else if (char === quote) quote = ''
    else if (quote) continue
    else if (char === '"' || char === "'") {
      quote = char
      quoted = i + 1
    } else if (breaks.includes(char)) from = KEPT.includes(char) ? i : i + 1
  }
  return quote ? quoted : from
}
