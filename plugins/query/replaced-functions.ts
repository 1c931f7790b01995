import type { Expression } from 'jsonata'
import { copyMessages, hasLazyMessages, shareMessages } from './lazy-messages.ts'
import { callOf, type Node } from './syntax.ts'

type Row = Record<string, unknown>

/** Replaces the functions of JSONata that would lose the messages of sessions, or use too much memory before they fail. */
export function registerReplacements(expression: Expression): void {
  expression.registerFunction(DESCENDANTS, descendants)
  expression.registerFunction('clone', clone, '<(oa)-:o>')
  expression.registerFunction('merge', merge, '<a<o>:o>')
  expression.registerFunction('pad', pad, '<s-ns?:s>')
}

const DESCENDANTS = '_descendants'

/** Replaces `**` with a call of a function that also descends into messages. */
export function replaceDescendants(node: Node): void {
  if (node.type === 'descendant') Object.assign(node, callOf(DESCENDANTS, { type: 'variable', value: '' }))
}

function descendants(input: unknown): unknown {
  const values: unknown[] = []
  if (input !== undefined) descend(input, values)
  return values.length === 1 ? values[0] : Object.assign(values, { sequence: true })
}

function descend(value: unknown, values: unknown[]): void {
  if (!Array.isArray(value)) values.push(value)
  if (typeof value !== 'object' || value === null || isFunction(value)) return
  for (const each of Array.isArray(value) ? value : Object.values(value)) descend(each, values)
  if (hasLazyMessages(value)) descend((value as Row).messages, values)
}

const isFunction = (value: unknown) =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && ('_jsonata_function' in value || '_jsonata_lambda' in value))

/** Copies a value as JSONata does: through JSON, with numbers of 15 digits and without functions. */
function clone(value: unknown): unknown {
  if (value === undefined) return undefined
  const copy = JSON.parse(
    JSON.stringify(value, (_, each) => {
      if (typeof each === 'number' && !Number.isInteger(each)) return Number(each.toPrecision(15))
      return isFunction(each) ? '' : each
    }),
  )
  copyMessages(value, copy)
  return copy
}

function merge(objects: Row[] | undefined): Row | undefined {
  if (objects === undefined) return undefined
  const result: Row = Object.assign(Object.create(null), ...objects)
  const session = objects.findLast(hasLazyMessages)
  if (session && !Object.hasOwn(result, 'messages')) shareMessages(session, result)
  return result
}

/** The maximum length of the result of $pad; JSONata has the same limit for ranges. */
const MAX_PAD = 10_000_000

function pad(text: string | undefined, width: number, fill?: string): string | undefined {
  if (text === undefined) return undefined
  if (Math.abs(width) > MAX_PAD) throw { code: 'pad', message: `$pad creates strings of up to ${MAX_PAD} characters, not ${width}` }
  const characters = Array.from(fill || ' ')
  const missing = Math.max(0, Math.abs(Math.trunc(width)) - Array.from(text).length)
  const rest = characters.slice(0, missing % characters.length)
  const padding = characters.join('').repeat(Math.floor(missing / characters.length)) + rest.join('')
  return width > 0 ? text + padding : padding + text
}
