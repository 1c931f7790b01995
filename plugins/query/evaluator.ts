import { type Host, type Limits, openThread, type Predicate, Problem, toJson } from 'ainative-code'
import { checkSyntax } from './syntax.ts'
import type { Answer, Question, Variable } from './thread.ts'

/** Seconds that a query may take, unless told otherwise. */
export const DEFAULT_TIMEOUT = 30

const threads = new WeakMap<Host, ReturnType<typeof openThread>>()

function threadOf(host: Host) {
  const open = threads.get(host)
  if (open) return open
  const thread = openThread(host, 'query')
  threads.set(host, thread)
  host.hooks.close.tapPromise('query', () => thread.close())
  return thread
}

const sources = new WeakMap<Host, Map<string, Variable>>()

/** What the thread has to be told: all variables if it is new, else the last result if the expression names it. */
function unknown(host: Host, text: string): Variable[] {
  const lines = sources.get(host)
  const last = host.variables.has('_') && /\$_(?!\w)/.test(text) ? [{ name: '_', value: plain(host.variables.get('_')) }] : []
  return [...(threadOf(host).isNew() ? (lines?.values() ?? []) : []), ...last]
}

/** A result as a thread can be given it. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(toJson(value)))

/** Evaluates an expression, and keeps what it sets. */
export async function runQuery(host: Host, text: string, limits: Limits): Promise<Answer> {
  // Opens, and where needed makes, the database that the thread then reads.
  const store = host.store()
  const question: Question = { text, set: unknown(host, text) }
  await store
  const answer = await threadOf(host).ask<Answer>(question, limits)
  const { name, value, withFunction } = answer
  if (name === undefined && withFunction) throw new Problem('query', 'the query gives a function', { hint: 'call it with ( )' })
  if (withFunction) host.variables.delete(name as string)
  else host.variables.set(name ?? '_', value)
  if (name !== undefined) keep(host, { name, ...(withFunction ? { text } : { value }) } as Variable)
  return answer
}

/** In the order in which they were set, since a function may name an earlier variable. */
function keep(host: Host, variable: Variable): void {
  const lines = sources.get(host) ?? new Map<string, Variable>()
  sources.set(host, lines)
  lines.delete(variable.name)
  lines.set(variable.name, variable)
}

/** The predicate of --where. */
export function predicate(host: Host, text: string): Predicate {
  checkSyntax(text)
  return (rows, signal) => threadOf(host).ask<boolean[]>({ where: text, rows } satisfies Question, { timeout: DEFAULT_TIMEOUT, signal })
}
