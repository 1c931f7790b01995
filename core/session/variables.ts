import { usage } from '../kernel/problem.ts'
import { toJson } from './json.ts'

/** What the `$name`s of a shell or of a script hold; `_` is the last result. Functions stay with the query that made them. */
export type Variables = Map<string, unknown>

/** The session ids in what the variable of `@name` holds: texts, or the `id` of rows. */
export function idsOf(variables: Variables, word: string): string[] {
  const name = word.slice(1)
  if (!variables.has(name))
    throw usage(`there is no variable $${name} for ${word}`, `in the shell or a script, $${name} := … sets it, and $_ is the last result`)
  return [...new Set(textsIn(variables.get(name), name))]
}

function textsIn(value: unknown, name: string): string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, name))
  const plain: unknown = typeof value === 'object' && value !== null ? JSON.parse(toJson(value)) : undefined
  if (typeof plain === 'object' && plain !== null && 'id' in plain && typeof plain.id === 'string') return [plain.id]
  throw usage(`$${name} holds more than session ids: ${toJson(value).slice(0, 60)}`, `$${name} := sessions[provider="openai"].id would do`)
}
