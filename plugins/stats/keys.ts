import { type GroupKey, suggestion, usage } from 'ainative-code'

/** What --by takes. */
const KEYS = ['provider', 'model', 'project', 'tag', 'day', 'week', 'month', 'hour', 'weekday', 'role', 'finish'] as const
export type Key = (typeof KEYS)[number]

const TIMES: readonly GroupKey[] = ['day', 'week', 'month', 'hour', 'weekday']
export const isTime = (key: Key) => TIMES.includes(key)

/** Sessions have this key too. */
export const isOfSessions = (key: Key) => key !== 'role' && key !== 'finish'

/** One or two keys, from a text such as `model,month`. */
export function parseKeys(text: string): Key[] {
  const keys = text.split(',').map((word) => parseKey(word.trim()))
  if (keys.length > 2) throw usage(`--by takes one or two keys, not ${keys.length}`, 'ainative-code session stats --by model,month')
  if (keys[0] === keys[1]) throw usage(`--by has ${keys[0]} twice`)
  return keys
}

function parseKey(word: string): Key {
  const key = KEYS.find((each) => each === word)
  if (key) return key
  throw usage(`--by ${JSON.stringify(word.slice(0, 40))} is unknown`, suggestion(word.slice(0, 40), KEYS))
}

/** The keys that a word may go on with, after a comma too. */
export function completeKeys(text: string): { value: string }[] {
  const start = text.slice(0, text.lastIndexOf(',') + 1)
  return KEYS.filter((key) => !start.split(',').includes(key)).map((key) => ({ value: start + key }))
}

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** A value of a key as text. */
export function label(key: Key, value: string | number | null): string {
  if (value === null) return key === 'project' || key === 'tag' ? '(none)' : '(unknown)'
  if (key === 'weekday') return WEEKDAYS[Number(value) - 1] ?? ''
  if (key === 'hour') return hourLabel(Number(value))
  return value === '' ? '""' : String(value)
}

export const hourLabel = (hour: number) => `${String(hour).padStart(2, '0')}:00`
