import type { AnyCommand, Host } from '../contract/host.ts'
import type { Json } from '../contract/session.ts'
import type { View } from '../contract/view.ts'
import { nearest } from '../kernel/nearest.ts'
import { Problem, usage } from '../kernel/problem.ts'
import { oneLine } from '../output/cells.ts'
import { fieldsIn } from '../output/render.ts'
import { isStream } from '../output/streams.ts'
import { table } from '../output/table.ts'
import { notJson, toJson } from '../session/json.ts'
import type { Narrow } from './projection-flags.ts'

/** Data as --fields and --query reduce it, and how it is written. */
export interface Narrowed {
  data: unknown
  format: string
  command: Pick<AnyCommand, 'print' | 'columns'>
}

/** Reduces the data of a command. `note` gets a line where nothing is left of it. */
export type Narrowing = (data: unknown, format: string, signal: AbortSignal, note: (text: string) => void) => Promise<Narrowed>

/**
 * What --fields and --query do to the data of a command. A mistake in the expression is thrown before the command runs, and for a
 * command that changes something so is the name of a field that its result does not have.
 */
export async function prepareNarrow(host: Host, command: AnyCommand, narrow: Narrow, changes: boolean): Promise<Narrowing> {
  const { fields, query, plain } = narrow
  const known = fieldNames(command)
  if (fields && changes && known.length > 0) checkNames(command, fields, new Set(known))
  const evaluate = query === undefined ? undefined : await evaluator(host, query)
  return async (data, format, signal, note) => {
    const chosen = fields ? await choose(command, data, fields) : data
    const names = evaluate ? undefined : fields
    const shown = { command: { print: tableOf(names), columns: names }, format }
    if (!evaluate || data === undefined) return { ...shown, data: chosen }
    const value = await evaluate(await whole(chosen), signal)
    if (value === undefined) note('no match')
    if (!plain || typeof value !== 'string') return { ...shown, data: value }
    return { data: value, format: 'text', command: { print: (text: string) => `${text}\n` } }
  }
}

/** The names of the fields that the rows of a command have; it may not know all. */
export const fieldNames = ({ columns = [], fields = [] }: AnyCommand): string[] => [...columns, ...fields]

async function evaluator(host: Host, text: string) {
  const evaluate = await host.hooks.query.promise(text)
  if (evaluate) return evaluate
  throw new Problem('no-query', 'no plugin can answer --query', { hint: 'the shipped plugin query does' })
}

/** Everything in its JSON form. */
async function whole(data: unknown): Promise<unknown> {
  if (!isStream(data)) return Array.isArray(data) ? data.map(asJson) : asJson(data)
  const rows: unknown[] = []
  for await (const row of data) rows.push(asJson(row))
  return rows
}

/** A value as JSON has it, with the numbers of JavaScript; most rows are data already. */
function asJson(value: unknown): unknown {
  try {
    const form = formOf(value)
    if (isData(form)) return form
    return JSON.parse(JSON.stringify(form) ?? 'null')
  } catch (error) {
    throw notJson(error)
  }
}

function isData(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || value === undefined) return true
  if (typeof value !== 'object') return Number.isFinite(value)
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return false
  return !('toJSON' in value) && Object.values(value).every(isData)
}

/** What JSON makes of a value that has a say in it. */
const formOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value

const rowOf = (value: unknown): Json => fieldsIn(formOf(value))

/** Rows to look at for names of fields before the first is written; the rest streams. */
const LOOKED_AT = 500

async function choose(command: AnyCommand, data: unknown, names: string[]): Promise<unknown> {
  if (isStream(data)) return chooseStream(command, data, names)
  if (data === undefined) return undefined
  const rows = (Array.isArray(data) ? data : [data]).map(rowOf)
  checkRows(command, names, rows)
  const chosen = rows.map((row) => pick(row, names))
  return Array.isArray(data) ? chosen : chosen[0]
}

async function* chooseStream(command: AnyCommand, data: AsyncIterable<unknown>, names: string[]): AsyncIterable<Json> {
  let held: Json[] | undefined = []
  for await (const each of data) {
    const row = rowOf(each)
    if (!held) {
      yield pick(row, names)
      continue
    }
    held.push(row)
    if (held.length < LOOKED_AT && names.some((name) => !held?.some((other) => Object.hasOwn(other, name)))) continue
    checkRows(command, names, held)
    for (const other of held) yield pick(other, names)
    held = undefined
  }
  if (!held) return
  checkRows(command, names, held)
  for (const row of held) yield pick(row, names)
}

/** fromEntries, since `__proto__` may be a name like any other. */
const pick = (row: Json, names: string[]): Json =>
  Object.fromEntries(names.map((name) => [name, Object.hasOwn(row, name) ? (row[name] ?? null) : null]))

function checkRows(command: AnyCommand, names: string[], rows: Json[]): void {
  const known = new Set(fieldNames(command))
  for (const row of rows) for (const name of Object.keys(row)) known.add(name)
  if (known.size > 0) checkNames(command, names, known)
}

function checkNames(command: AnyCommand, names: string[], known: Set<string>): void {
  for (const name of names)
    if (!known.has(name))
      throw usage(
        `${command.name} has no field ${JSON.stringify(name.slice(0, 80))}`,
        hintFor(name, [...known]) ?? `ainative-code ${command.name} --json shows its fields`,
      )
}

const MOST_NAMES = 24

function hintFor(name: string, known: string[]): string | undefined {
  const close = nearest(name, known)
  if (close !== undefined) return `did you mean ${close}?`
  return known.length <= MOST_NAMES ? `one of ${known.join(', ')}` : undefined
}

/** Prints a table with a column for each name, or for each field that some row has; the widest gives way on a narrow terminal. */
const tableOf = (names?: string[]) => (data: unknown, view: View) => {
  const rows = isStream(data) ? data : (Array.isArray(data) ? data : [data]).map(rowOf)
  const columns = (names ?? namesOf(rows as Json[])).map((name) => ({
    title: oneLine(name.toUpperCase()),
    value: (row: Json) => cell(row[name]),
    flexible: true,
  }))
  return table(rows as Json[], columns, view)
}

const namesOf = (rows: Json[]) => [...new Set(rows.flatMap((row) => Object.keys(row)))]

const cell = (value: unknown) => (value === undefined || value === null ? '' : typeof value === 'object' ? toJson(value) : String(value))
