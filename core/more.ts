import type { Host } from './host.ts'
import { isCommand } from './line.ts'

/** Whether a line goes on in the next one: it ends with a backslash or, of a command, within a quote. */
export async function needsMore(host: Host, text: string): Promise<boolean> {
  return (isCommand(host, text.trim()) && openQuote(text) !== '') || endsWithBackslash(text)
}

/** A line and the one that goes on with it; as in a POSIX shell, a backslash at the end vanishes with the line's end. */
export const joinLines = (text: string, next: string) =>
  endsWithBackslash(text) && openQuote(text) !== "'" ? text.slice(0, -1) + next : `${text}\n${next}`

const endsWithBackslash = (text: string) => /(?<!\\)(\\\\)*\\$/.test(text)

function openQuote(text: string): string {
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '\\' && quote !== "'") i++
    else if (char === quote) quote = ''
    else if (!quote && (char === '"' || char === "'")) quote = char
  }
  return quote
}
