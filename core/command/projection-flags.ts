import type { AnyCommand } from '../contract/host.ts'
import { usage } from '../kernel/problem.ts'

/** The flags that reduce the data of any command, or how a table or CSV begins. */
export const NARROW_FLAGS = [
  {
    key: 'fields',
    flag: '--fields',
    kind: 'value',
    value: 'names',
    description: 'Only these fields of the result, such as id,title',
  },
  {
    key: 'query',
    flag: '--query',
    kind: 'value',
    value: 'jsonata',
    description: 'The result of this JSONata expression over the data',
    complete: 'jsonata',
  },
  { key: 'header', flag: '--no-header', kind: 'switch', description: 'A table or CSV without its header' },
] as const

/** Whether a command's own formats have a header that --no-header leaves out. */
export const hasHeader = ({ formats = [] }: AnyCommand) => formats.includes('table') || formats.includes('csv')

/** What these flags ask for. */
export interface Narrow {
  /** Names of fields, in order, each once. */
  fields?: string[]
  query?: string
  /** Whether no flag chose a format, so that a lone text is written as it is. */
  plain: boolean
}

/** The formats of lists, and of data that --fields or --query reduced. */
export const LIST_FORMATS = ['table', 'json', 'jsonl', 'csv']

/** Takes the values of these flags from the options that were read, except those of flags that the command has itself. */
export function takeNarrow(options: Record<string, unknown>, own: { key: string }[]): { narrow?: Narrow; header: boolean } {
  const take = (key: string) => {
    if (own.some((field) => field.key === key)) return undefined
    const value = options[key]
    delete options[key]
    return value
  }
  const [fields, query, header] = [take('fields'), take('query'), take('header')] as [string?, string?, boolean?]
  if (query?.trim() === '') throw usage('--query is empty', "an expression such as --query 'title'")
  const plain = options.json === undefined && options.format === undefined
  const narrow = { plain, ...(fields !== undefined && { fields: namesIn(fields) }), ...(query !== undefined && { query }) }
  return { header: header !== false, ...((fields !== undefined || query !== undefined) && { narrow }) }
}

function namesIn(text: string): string[] {
  const names = text.split(',').flatMap((name) => name.trim() || [])
  if (names.length > 0) return [...new Set(names)]
  throw usage(`--fields ${JSON.stringify(text)}: expected names of fields, separated by commas`, 'one such as --fields id,title')
}

/** The format of reduced data: a list whose fields are chosen stays a table, everything else is JSON. */
export function narrowFormat({ formats = [] }: AnyCommand, { query }: Narrow, named: string | undefined, preferred?: string): string {
  if (named !== undefined && LIST_FORMATS.includes(named)) return named
  if (named !== undefined) throw usage(`--fields and --query have no format ${JSON.stringify(named)}`, `one of ${LIST_FORMATS.join(', ')}`)
  if (query !== undefined || formats[0] !== 'table') return 'json'
  return preferred !== undefined && LIST_FORMATS.includes(preferred) ? preferred : 'table'
}
