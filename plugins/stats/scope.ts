import { isoTime, Selection } from 'ainative-code'

/** What statistics are about, as the title of a report: the sessions, or the flags that select them. */
export function scopeOf(input: Selection, ids: readonly string[] | undefined): string {
  if (ids) return ids.length === 1 ? `Session ${ids[0]}` : `${ids.length} sessions`
  const given = Object.entries(input).filter(([name, value]) => name in Selection().shape && value !== undefined)
  const flags = given.map(([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${valueText(value)}`)
  return flags.join(' ') || 'All sessions'
}

/** A date is the time at which it begins. */
const valueText = (value: unknown) =>
  typeof value === 'object' && value !== null && 'from' in value ? isoTime(Number(value.from)) : [value].flat().join(', ')
