import type { Expression } from 'jsonata'
import { copyMessages, hasLazyMessages, shareMessages } from './messages.ts'
import { callOf, type Node } from './syntax.ts'

type Row = Record<string, unknown>

/** Replaces the functions of JSONata that would lose the messages of sessions, or fill the memory before they fail. */
export function registerOwn(expression: Expression): void {
  expression.registerFunction(DESCENDANTS, descendants)
  expression.registerFunction('clone', clone, '<(oa)-:o>')
  expression.registerFunction('merge', merge, '<a<o>:o>')
  expression.registerFunction('pad', pad, '<s-ns?:s>')
}

const DESCENDANTS = '_descendants'

/** Turns `**` into a call of our function, which descends into messages too. */
export function replaceDescendants(node: Node): void {
  if (node.type === 'descendant') Object.assign(node, callOf(DESCENDANTS, { type: 'variable', value: '' }))
}

function descendants(input: unknown): unknown {
  const found: unknown[] = []
  if (input !== undefined) descend(input, found)
  return found.length === 1 ? found[0] : Object.assign(found, { sequence: true })
}

function descend(value: unknown, found: unknown[]): void {
  if (!Array.isArray(value)) found.push(value)
  if (typeof value !== 'object' || value === null || isFunction(value)) return
  for (const each of Array.isArray(value) ? value : Object.values(value)) descend(each, found)
  if (hasLazyMessages(value)) descend((value as Row).messages, found)
}

const isFunction = (value: unknown) =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && ('_jsonata_function' in value || '_jsonata_lambda' in value))

/** JSONata's way to copy: by JSON, with numbers of 15 digits and without functions. */
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
  const merged: Row = Object.assign(Object.create(null), ...objects)
  const session = objects.findLast(hasLazyMessages)
  if (session && !Object.hasOwn(merged, 'messages')) shareMessages(session, merged)
  return merged
}

/** As for ranges, whose limit is JSONata's own. */
const MAX_PADDED = 10_000_000

function pad(text: string | undefined, width: number, fill?: string): string | undefined {
  if (text === undefined) return undefined
  if (Math.abs(width) > MAX_PADDED) throw { code: 'pad', message: `$pad makes texts of up to ${MAX_PADDED} characters, not ${width}` }
  const characters = Array.from(fill || ' ')
  const missing = Math.max(0, Math.abs(Math.trunc(width)) - Array.from(text).length)
  const rest = characters.slice(0, missing % characters.length)
  const padding = characters.join('').repeat(Math.floor(missing / characters.length)) + rest.join('')
  return width > 0 ? text + padding : padding + text
}
