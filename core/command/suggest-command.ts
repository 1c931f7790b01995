import type { CommandEntry } from '../contract/host.ts'
import { nearest } from '../kernel/nearest.ts'

/** Returns the command or group whose name is closest to the first words of a line; undefined for a distant name or a destructive command. */
export function nearestCommand(line: string, all: readonly CommandEntry[]): string | undefined {
  const entries = all.filter(({ hidden }) => !hidden)
  const [first = '', second] = line.split(/\s+/)
  const names = entries.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])])
  const verbs = names.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1))
  const close = second !== undefined && verbs.length > 0 ? inGroup(first, nearest(second, verbs)) : nearestOfAll(first, second, names)
  const meant = entries.find((entry) => entry.name === close || entry.aliases?.includes(close ?? ''))
  return meant?.destructive ? undefined : close
}

const inGroup = (group: string, verb: string | undefined) => (verb === undefined ? undefined : `${group} ${verb}`)

function nearestOfAll(first: string, second: string | undefined, names: string[]): string | undefined {
  const verb = first === '' ? undefined : names.find((name) => name.endsWith(` ${first}`))
  const firsts = names.map((name) => name.split(' ')[0] as string)
  return verb ?? (second === undefined ? undefined : nearest(`${first} ${second}`, names)) ?? nearest(first, [...firsts, ...names])
}

/** Returns a hint with the closest command; undefined if none is close. */
export function suggestCommand(line: string, entries: CommandEntry[]): string | undefined {
  const close = nearestCommand(line, entries)
  return close === undefined ? undefined : `did you mean the command ${close}?`
}
