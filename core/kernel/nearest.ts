import { distance } from 'fastest-levenshtein'
import type { CommandEntry } from '../contract/host.ts'

/** How many edits apart a near name may be: one in three letters, and never more than three. */
const limitOf = (length: number) => Math.min(3, Math.max(1, Math.floor(length / 3)))

/** A shorter beginning of a name says too little about which one is meant. */
const SHORTEST_START = 3

/** The candidate that a mistyped word most likely meant, if any is close enough to suggest. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = limitOf(word.length) + 1
  for (const candidate of candidates) {
    const isStart = word.length >= SHORTEST_START && candidate.startsWith(word)
    const edits = isStart || isSwap(word, candidate) ? 1 : distance(word, candidate)
    if (edits < least) [best, least] = [candidate, edits]
  }
  return best
}

/** Whether two neighbouring letters are swapped, which the distance counts as two edits. */
function isSwap(word: string, other: string): boolean {
  if (word.length !== other.length || word === other) return false
  let at = 0
  while (word[at] === other[at]) at++
  return word[at] === other[at + 1] && word[at + 1] === other[at] && word.slice(at + 2) === other.slice(at + 2)
}

/** "did you mean …?" for the nearest candidate, or the whole short list, or nothing. */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates]
  const close = nearest(word, names)
  if (close !== undefined) return `did you mean ${close}?`
  return names.length > 0 && names.length <= 12 ? `one of ${names.join(', ')}` : undefined
}

/** The command, or the group of commands, that a line most likely meant by its first word or two; never a destructive one. */
export function nearestCommand(line: string, all: readonly CommandEntry[]): string | undefined {
  const entries = all.filter(({ hidden }) => !hidden)
  const [first = '', second] = line.split(/\s+/)
  const names = entries.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])])
  const verbs = names.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1))
  const close = second !== undefined && verbs.length > 0 ? within(first, nearest(second, verbs)) : ofAll(first, second, names)
  const meant = entries.find((entry) => entry.name === close || entry.aliases?.includes(close ?? ''))
  return meant?.destructive ? undefined : close
}

const within = (group: string, verb: string | undefined) => (verb === undefined ? undefined : `${group} ${verb}`)

function ofAll(first: string, second: string | undefined, names: string[]): string | undefined {
  const verb = first === '' ? undefined : names.find((name) => name.endsWith(` ${first}`))
  const firsts = names.map((name) => name.split(' ')[0] as string)
  return verb ?? (second === undefined ? undefined : nearest(`${first} ${second}`, names)) ?? nearest(first, [...firsts, ...names])
}

/** "did you mean the command …?" for the command that a line most likely meant. */
export function suggestCommand(line: string, entries: CommandEntry[]): string | undefined {
  const close = nearestCommand(line, entries)
  return close === undefined ? undefined : `did you mean the command ${close}?`
}
