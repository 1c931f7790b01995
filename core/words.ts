import { usage } from './problem.ts'

/** A line as a POSIX shell would split it: quotes and backslashes, but no expansion of any kind. */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  const add = (text: string | undefined) => {
    word = (word ?? '') + text
  }
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string
    const next = line[i + 1]
    if (quote === "'" && char !== "'") add(char)
    else if (quote === '"' && char === '\\' && next && '"\\$`'.includes(next)) add(line[++i])
    else if (char === quote) quote = ''
    else if (quote) add(char)
    else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (char === '\\' && next !== undefined) add(line[++i])
    else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else add(char)
  }
  if (quote) throw usage(`there is no closing ${quote} in this line`, 'close the quote, or put a backslash before it')
  if (word !== undefined) words.push(word)
  return words
}
