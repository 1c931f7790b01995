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
import type { ProjectionFlags } from './projection-flags.ts'

/** The result of --fields and --query, and how it is printed. */
export interface Projected {
  data: unknown
  format: string
  command: Pick<AnyCommand, 'print' | 'columns'>
}

/** Applies --fields and --query to the data of a command. `note` receives a line if the expression matches nothing. */
export type Projection = (data: unknown, format: string, signal: AbortSignal, note: (text: string) => void) => Promise<Projected>

/**
 * Compiles --fields and --query before the command runs. Throws a usage Problem for an invalid expression and, if the command writes, for
 * an unknown field.
 */
export async function prepareProjection(host: Host, command: AnyCommand, flags: ProjectionFlags, writes: boolean): Promise<Projection> {
  const { fields, query, plain } = flags
  const known = fieldNames(command)
  if (fields && writes && known.length > 0) checkNames(command, fields, new Set(known))
  const evaluate = query === undefined ? undefined : await compileQuery(host, query)
  return async (data, format, signal, note) => {
    const chosen = fields ? await choose(command, data, fields) : data
    const names = evaluate ? undefined : fields
    const shown = { command: { print: tableOf(names), columns: names }, format }
    if (!evaluate || data === undefined) return { ...shown, data: chosen }
    const value = await evaluate(await collectJson(chosen), signal)
    if (value === undefined) note('no match')
    if (!plain || typeof value !== 'string') return { ...shown, data: value }
    return { data: value, format: 'text', command: { print: (text: string) => `${text}\n` } }
  }
}

/** Returns the known field names of a command's rows; rows may have more. */
export const fieldNames = ({ columns = [], fields = [] }: AnyCommand): string[] => [...columns, ...fields]

/** Compiles the expression of --query. */
async function compileQuery(host: Host, text: string) {
  const evaluate = await host.hooks.query.promise(text)
  if (evaluate) return evaluate
  throw new Problem('no-query', 'no plugin supports --query', { hint: 'ainative-code plugin list shows the loaded plugins' })
}

/** Collects all data in JSON form. */
async function collectJson(data: unknown): Promise<unknown> {
  if (!isStream(data)) return Array.isArray(data) ? data.map(asJson) : asJson(data)
  const rows: unknown[] = []
  for await (const row of data) rows.push(asJson(row))
  return rows
}

/** Converts a value to JSON data. Most rows are data already, which is faster than a conversion. */
function asJson(value: unknown): unknown {
  try {
    const data = callToJson(value)
    if (isData(data)) return data
    return JSON.parse(JSON.stringify(data) ?? 'null')
  } catch (error) {
    throw notJson(error)
  }
}

/** True for a value that JSON can represent without a conversion. */
function isData(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || value === undefined) return true
  if (typeof value !== 'object') return Number.isFinite(value)
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return false
  return !('toJSON' in value) && Object.values(value).every(isData)
}

/** Returns the result of `toJSON`, if the value has that method. */
const callToJson = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value

const rowOf = (value: unknown): Json => fieldsIn(callToJson(value))

/** The number of rows that are searched for the field names before the first row is written; further rows stream. */
const BUFFERED_ROWS = 500

/** Reduces data to these fields. Throws a usage Problem for a field that no row has. */
async function choose(command: AnyCommand, data: unknown, names: string[]): Promise<unknown> {
  if (isStream(data)) return chooseStream(command, data, names)
  if (data === undefined) return undefined
  const rows = (Array.isArray(data) ? data : [data]).map(rowOf)
  checkRows(command, names, rows)
  const chosen = rows.map((row) => pick(row, names))
  return Array.isArray(data) ? chosen : chosen[0]
}

async function* chooseStream(command: AnyCommand, data: AsyncIterable<unknown>, names: string[]): AsyncIterable<Json> {
  let buffer: Json[] | undefined = []
  for await (const each of data) {
    const row = rowOf(each)
    if (!buffer) {
      yield pick(row, names)
      continue
    }
    buffer.push(row)
    if (buffer.length < BUFFERED_ROWS && names.some((name) => !buffer?.some((other) => Object.hasOwn(other, name)))) continue
    checkRows(command, names, buffer)
    for (const other of buffer) yield pick(other, names)
    buffer = undefined
  }
  if (!buffer) return
  checkRows(command, names, buffer)
  for (const row of buffer) yield pick(row, names)
}

/** Returns a row with these fields. Object.fromEntries, because it also sets the key `__proto__` as an own property. */
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

/** The maximum number of names in a hint. */
const MAX_NAMES = 24

function hintFor(name: string, known: string[]): string | undefined {
  const close = nearest(name, known)
  if (close !== undefined) return `did you mean ${close}?`
  return known.length <= MAX_NAMES ? `one of ${known.join(', ')}` : undefined
}

/** Returns a function that prints a table with a column for each name, by default for each field of the rows. Columns shrink to fit. */
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
