import { completeWords, type Host, openWords, quoteRest } from 'ainative-code'

/**
 * The candidates for COMPREPLY, one per line, quoted for bash. Bash replaces only the text after the last word break, so each line starts
 * there. Each line closes an open quote, because bash does not close a quote after a value that ends with the same character.
 */
export async function bashReplies(host: Host, breaks: string, line: string): Promise<string> {
  const { words, start, quote } = openWords(line)
  const typed = line.slice(start)
  const word = words.at(-1) ?? ''
  // Bash expands `$` and backquotes: the typed text is not the value of the word, and an inserted text could run as code.
  if (quote !== "'" && EXPANSION.test(typed)) return ''
  const from = replacementStart(typed, breaks)
  const candidates = await completeWords(host, words.slice(nameIndex(words) + 1))
  return candidates
    .filter(({ value }) => quote !== '"' || !value.includes('!'))
    .map(({ value, open }) => `${(typed + quoteRest(value.slice(word.length), quote)).slice(from)}${open ? '' : quote || ' '}\n`)
    .join('')
}

/** Matches an unescaped `$` or backquote. */
const EXPANSION = /(^|[^\\])(\\\\)*[$`]/

/** The index of the name of the program, after assignments such as `A=b`. */
const nameIndex = (words: string[]) => words.findIndex((word) => !/^\w+=/.test(word))

/** Characters that break words, but belong to the following word (rl_special_prefixes in bash). */
const SPECIAL_PREFIXES = '$@'

/** The index from which bash replaces the text: after an open quote, or after the last unquoted word break. */
function replacementStart(typed: string, breaks: string): number {
  let from = 0
  let quote = ''
  let quoteStart = 0
  for (let i = 0; i < typed.length; i++) {
    const char = typed[i] as string
    if (char === '\\' && quote !== "'") i++
    else if (char === quote) quote = ''
    else if (quote) continue
    else if (char === '"' || char === "'") {
      quote = char
      quoteStart = i + 1
    } else if (breaks.includes(char)) from = SPECIAL_PREFIXES.includes(char) ? i : i + 1
  }
  return quote ? quoteStart : from
}
