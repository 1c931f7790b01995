import { isoTime, Selection } from 'ainative-code'

/** Describes the selection for the title of a report: the sessions, or the flags that select them. */
export function scopeOf(input: Selection, ids: readonly string[] | undefined): string {
  if (ids) return ids.length === 1 ? `Session ${ids[0]}` : `${ids.length} sessions`
  const selected = Object.entries(input).filter(([name, value]) => name in Selection().shape && value !== undefined)
  const flags = selected.map(([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${valueText(value)}`)
  return flags.join(' ') || 'All sessions'
}

/** Formats the value of a flag; a date becomes the time at which the date starts. */
const valueText = (value: unknown) =>
  typeof value === 'object' && value !== null && 'from' in value ? isoTime(Number(value.from)) : [value].flat().join(', ')
