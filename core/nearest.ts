import { distance } from 'fastest-levenshtein'
import type { CommandEntry } from './command.ts'

/** The candidate that a mistyped word most likely meant, if any is close enough to suggest. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  // As many letters apart as a third of the word, two at the most for a short one.
  let least = Math.max(1, Math.min(2, word.length - 2), Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const d = candidate.startsWith(word) && word ? 1 : distance(word, candidate)
    if (d < least) [best, least] = [candidate, d]
  }
  return best
}

/** "did you mean …?" for the nearest candidate, or the whole short list, or nothing. */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates]
  const close = nearest(word, names)
  if (close !== undefined) return `did you mean ${close}?`
  return names.length > 0 && names.length <= 12 ? `one of ${names.join(', ')}` : undefined
}

/** "did you mean …?" for the command that a line most likely meant, by its first word or its first two. */
export function suggestCommand(line: string, entries: CommandEntry[]): string | undefined {
  const words = line.split(/\s+/)
  const names = entries.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])])
  const firsts = names.map((name) => name.split(' ')[0] as string)
  const whole = entries.find(({ name }) => name.endsWith(` ${words[0]}`))?.name
  const close = whole ?? nearest(words.slice(0, 2).join(' '), names) ?? nearest(words[0] ?? '', [...names, ...firsts])
  return close === undefined ? undefined : `did you mean the command ${close}?`
}
