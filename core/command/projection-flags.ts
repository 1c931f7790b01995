import type { AnyCommand } from '../contract/host.ts'
import { usage } from '../kernel/problem.ts'

/** The flags of every command that select parts of the result, or omit its header. */
export const PROJECTION_FLAGS = [
  {
    key: 'fields',
    flag: '--fields',
    kind: 'value',
    value: 'names',
    description: 'Output only these fields, such as id,title',
  },
  {
    key: 'query',
    flag: '--query',
    kind: 'value',
    value: 'jsonata',
    description: 'Filter the output with a JSONata expression',
    complete: 'jsonata',
  },
  { key: 'header', flag: '--no-header', kind: 'switch', description: 'Omit the header of a table or CSV' },
] as const

/** True if a format of the command has a header that --no-header omits. */
export const hasHeader = ({ formats = [] }: AnyCommand) => formats.includes('table') || formats.includes('csv')

/** The values of --fields and --query. */
export interface ProjectionFlags {
  /** The names of fields in order, without duplicates. */
  fields?: string[]
  query?: string
  /** True if no flag chose a format: a string is then printed without quotes. */
  plain: boolean
}

/** The formats of lists. They work with --fields and --query too. */
export const LIST_FORMATS = ['table', 'json', 'jsonl', 'csv']

/** Removes these flags from the parsed options and returns their values. Flags that the command defines itself stay. */
export function takeProjectionFlags(
  options: Record<string, unknown>,
  own: { key: string }[],
): { projection?: ProjectionFlags; header: boolean } {
  const take = (key: string) => {
    if (own.some((field) => field.key === key)) return undefined
    const value = options[key]
    delete options[key]
    return value
  }
  const [fields, query, header] = [take('fields'), take('query'), take('header')] as [string?, string?, boolean?]
  if (query?.trim() === '') throw usage('--query is empty', "example: --query 'title'")
  const plain = options.json === undefined && options.format === undefined
  const projection = { plain, ...(fields !== undefined && { fields: namesIn(fields) }), ...(query !== undefined && { query }) }
  return { header: header !== false, ...((fields !== undefined || query !== undefined) && { projection }) }
}

function namesIn(text: string): string[] {
  const names = text.split(',').flatMap((name) => name.trim() || [])
  if (names.length > 0) return [...new Set(names)]
  throw usage(`--fields ${JSON.stringify(text)}: expected field names, separated by commas`, 'example: --fields id,title')
}

/** Returns the output format with --fields or --query: a list with --fields stays a table, everything else is JSON. */
export function projectionFormat(
  { formats = [] }: AnyCommand,
  { query }: ProjectionFlags,
  named: string | undefined,
  preferred?: string,
): string {
  if (named !== undefined && LIST_FORMATS.includes(named)) return named
  if (named !== undefined)
    throw usage(`--fields and --query do not support format ${JSON.stringify(named)}`, `one of ${LIST_FORMATS.join(', ')}`)
  if (query !== undefined || formats[0] !== 'table') return 'json'
  return preferred !== undefined && LIST_FORMATS.includes(preferred) ? preferred : 'table'
}
