import { type GroupKey, suggestion, usage } from 'ainative-code'

/** The values of --by. */
const KEYS = ['provider', 'model', 'project', 'tag', 'day', 'week', 'month', 'hour', 'weekday', 'role', 'finish'] as const
/** A key by which --by groups. */
export type Key = (typeof KEYS)[number]

const TIMES: readonly GroupKey[] = ['day', 'week', 'month', 'hour', 'weekday']
/** True if a key is a unit of time. */
export const isTime = (key: Key) => TIMES.includes(key)

/** True if sessions have this key, and not only messages. */
export const isOfSessions = (key: Key) => key !== 'role' && key !== 'finish'

/** Parses one or two keys, such as `model,month`. Throws a Problem for an unknown or a repeated key. */
export function parseKeys(text: string): Key[] {
  const keys = text.split(',').map((word) => parseKey(word.trim()))
  if (keys.length > 2) throw usage(`--by takes one or two keys, not ${keys.length}`, 'ainative-code session stats --by model,month')
  if (keys[0] === keys[1]) throw usage(`--by has ${keys[0]} twice`)
  return keys
}

function parseKey(word: string): Key {
  const key = KEYS.find((each) => each === word)
  if (key) return key
  throw usage(`--by: unknown key ${JSON.stringify(word.slice(0, 40))}`, suggestion(word.slice(0, 40), KEYS))
}

/** Lists the completions of a value of --by, also after a comma. */
export function completeKeys(text: string): { value: string }[] {
  const start = text.slice(0, text.lastIndexOf(',') + 1)
  return KEYS.filter((key) => !start.split(',').includes(key)).map((key) => ({ value: start + key }))
}

/** The names of the weekdays, from Monday. */
export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** Formats the value of a key. */
export function label(key: Key, value: string | number | null): string {
  if (value === null) return key === 'project' || key === 'tag' ? '(none)' : '(unknown)'
  if (key === 'weekday') return WEEKDAYS[Number(value) - 1] ?? ''
  if (key === 'hour') return hourLabel(Number(value))
  return value === '' ? '""' : String(value)
}

/** Formats an hour of the day, such as `09:00`. */
export const hourLabel = (hour: number) => `${String(hour).padStart(2, '0')}:00`
