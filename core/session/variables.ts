import { usage } from '../kernel/problem.ts'
import { toJson } from './json.ts'

/** The values of the variables `$name` in the shell or a script; `_` is the last result. Functions are not included. */
export type Variables = Map<string, unknown>

/** Returns the session ids in the variable of `@name`: texts, or the `id` of rows. Throws a Problem for any other value. */
export function idsOf(variables: Variables, word: string): string[] {
  const name = word.slice(1)
  if (!variables.has(name))
    throw usage(`there is no variable $${name} for ${word}`, `set it with $${name} := … in the shell or a script; $_ is the last result`)
  return [...new Set(textsIn(variables.get(name), name))]
}

function textsIn(value: unknown, name: string): string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, name))
  const plain: unknown = typeof value === 'object' && value !== null ? JSON.parse(toJson(value)) : undefined
  if (typeof plain === 'object' && plain !== null && 'id' in plain && typeof plain.id === 'string') return [plain.id]
  throw usage(
    `$${name} holds more than session ids: ${toJson(value).slice(0, 60)}`,
    `for example $${name} := sessions[provider="openai"].id`,
  )
}
