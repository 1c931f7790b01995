import { collect, type Host, type Json, messageRow, queryRow, type Store } from 'ainative-code'
import { compile, evaluate, holdsFunction } from './expression.ts'
import { FUNCTIONS } from './functions.ts'
import { assignedName, namesMessages, queryProblem } from './syntax.ts'
import { testRows } from './where.ts'

/** What the query thread is asked. `set` are variables that it does not know yet: their values, or the lines that made them. */
export type Question = { text: string; set: Variable[] } | { where: string; rows: Json[] }
export type Variable = { name: string; value: unknown } | { name: string; text: string }

export interface Answer {
  value: unknown
  /** The variable that the expression sets. */
  name?: string
  /** It holds a function, which stays here. */
  withFunction: boolean
}

const variables = new WeakMap<Host, Record<string, unknown>>()

/** The query thread's side. */
export async function answer(host: Host, question: Question): Promise<Answer | boolean[]> {
  if ('where' in question) return testRows(host, question.where, question.rows)
  const known = variables.get(host) ?? {}
  variables.set(host, known)
  for (const each of question.set) known[each.name] = 'text' in each ? (await resultOf(host, each.text, known)).value : each.value
  const { value, name } = await resultOf(host, question.text, known)
  known[name ?? '_'] = value
  const withFunction = holdsFunction(value)
  return { value: withFunction ? undefined : value, name, withFunction }
}

/** Evaluates over `{ sessions: […] }`, newest first; messages are read only where the expression names them. */
async function resultOf(host: Host, text: string, known: Record<string, unknown>): Promise<{ value: unknown; name?: string }> {
  const expression = compile(host, text)
  const sessions = await sessionsOf(host, namesMessages(expression.ast()))
  try {
    return { value: await evaluate(expression, { sessions }, known), name: assignedName(expression.ast()) }
  } catch (error) {
    const names = [...FUNCTIONS, ...host.functions().names(), ...Object.keys(known)]
    throw queryProblem(text, error, names)
  }
}

interface Loaded {
  revision: number
  rows: Json[]
  withMessages?: Json[]
}

const loaded = new WeakMap<Host, Loaded>()

/** The sessions as they were read last, unless somebody has written since. */
async function sessionsOf(host: Host, withMessages: boolean): Promise<Json[]> {
  const store = await host.store()
  const revision = await store.revision()
  const last = loaded.get(host)
  const known = last?.revision === revision ? last : { revision, rows: await rowsOf(store) }
  loaded.set(host, known)
  if (!withMessages) return known.rows
  known.withMessages ??= await withMessagesOf(store, known.rows)
  return known.withMessages
}

async function rowsOf(store: Store): Promise<Json[]> {
  const rows: Json[] = []
  for await (const session of store.list({ where: { trashed: false } })) rows.push(queryRow(session))
  return rows
}

async function withMessagesOf(store: Store, rows: Json[]): Promise<Json[]> {
  const all: Json[] = []
  for (const row of rows) all.push({ ...row, messages: (await collect(store.messages({ id: row.id as string }))).map(messageRow) })
  return all
}
