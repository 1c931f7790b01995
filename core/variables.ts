import { usage } from './problem.ts'

/** What the `$name`s of a shell or of a script hold; `_` is the last result. Functions stay with the query that made them. */
export type Variables = Map<string, unknown>

/** The session ids in what the variable of `@name` holds: texts, or the `id` of rows. */
export function idsOf(variables: Variables, word: string): string[] {
  const name = word.slice(1)
  if (!variables.has(name))
    throw usage(`there is no variable $${name} for ${word}`, `in the shell or a script, $${name} := … sets it, and $_ is the last result`)
  const ids = [...new Set(textsIn(variables.get(name)))]
  if (ids.length === 0) throw usage(`$${name} holds no session ids`, `$${name} := sessions[provider="openai"].id would`)
  return ids
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  const plain: unknown = typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : undefined
  return typeof plain === 'object' && plain !== null && 'id' in plain && typeof plain.id === 'string' ? [plain.id] : []
}
