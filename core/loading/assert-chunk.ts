import { isObject, isString, type Rule } from './members.ts'
import { describeValue } from './unexpected-result.ts'

const text: Rule = ['a string', isString]
const part: Rule = ['an object with a type', (value) => isObject(value) && isString(value.type)]

/** The members of a chunk. An invalid usage or cost is no failure: the caller of the provider removes it. */
const MEMBERS: Record<string, Rule> = { text, reasoning: text, model: text, finish_reason: text, note: text, part }

/** Throws an Error for a value that `reply` may not yield. */
export function assertChunk(value: unknown): void {
  if (isString(value)) return
  if (!isObject(value) || Array.isArray(value) || ArrayBuffer.isView(value))
    throw new Error(`reply yielded ${describeValue(value)}, expected text or an object`)
  for (const [member, [expected, holds]] of Object.entries(MEMBERS)) {
    const own = value[member] ?? undefined
    if (own !== undefined && !holds(own))
      throw new Error(`reply yielded a chunk with the ${member} ${describeValue(own)}, expected ${expected}`)
  }
}
