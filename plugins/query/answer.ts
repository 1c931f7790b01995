import { type Host, type Json, queryRow, type Store } from 'ainative-code'
import { compile, evaluate, holdsFunction } from './expression.ts'
import { FUNCTIONS } from './functions.ts'
import { type Messages, messagesOf } from './messages.ts'
import { assignedName, queryProblem } from './syntax.ts'
import { testRows } from './where.ts'

/**
 * What the query worker is asked: an expression (`set` are the variables that the worker lacks, `over` the data where it is not the
 * sessions), the items of a long result from an index on, or for which rows --where holds.
 */
export type Question =
  | { text: string; set: Variable[]; over?: { data: unknown } }
  | { part: number; from: number }
  | { where: string; rows: Json[] }

/** A variable: its value, or the line that makes it. */
export type Variable = { name: string; value: unknown } | { name: string; text: string }

export interface Answer {
  value: unknown
  /** For a long array, of which `value` holds the first items: the number to ask for the others with, and its length. */
  long?: { part: number; length: number }
  /** The variable that the expression sets. */
  name?: string
  /** The result holds a function, which stays in the worker. */
  withFunction: boolean
}

interface State {
  /** Opened by the first question that needs it. */
  data?: { store: Store; messages: Messages }
  variables: Record<string, unknown>
  sessions?: { revision: number; rows: Json[] }
  /** Results that are sent in parts, by number. */
  long: Map<number, unknown[]>
}

const states = new WeakMap<Host, State>()

function stateOf(host: Host): State {
  const state = states.get(host) ?? { variables: {}, long: new Map() }
  states.set(host, state)
  return state
}

/** The query worker's side. */
export async function answer(host: Host, question: Question): Promise<Answer | unknown[]> {
  const state = stateOf(host)
  if ('part' in question) return nextPart(state, question)
  if ('where' in question) {
    const { messages } = await freshData(host, state)
    return testRows(host, question.where, question.rows.map(messages.add))
  }
  for (const each of question.set) await setVariable(host, state, each)
  const { over } = question
  const { value, name } = await resultOf(host, state, question.text, over ? () => over.data : () => rootOf(host, state))
  const withFunction = holdsFunction(value)
  if (!over && (name !== undefined || !withFunction)) state.variables[name ?? '_'] = value
  return withFunction ? { value: undefined, name, withFunction } : { ...firstPart(state, value), name, withFunction }
}

/** The store, its number of writes by others, and its messages without those that were read before the last of these. */
async function freshData(host: Host, state: State) {
  if (!state.data) {
    const store = await host.store()
    state.data = { store, messages: messagesOf(store) }
  }
  const { store, messages } = state.data
  const revision = await store.revision()
  messages.refresh(revision)
  return { store, messages, revision }
}

async function setVariable(host: Host, state: State, variable: Variable): Promise<void> {
  const { messages } = await freshData(host, state)
  const value = 'text' in variable ? (await resultOf(host, state, variable.text, () => rootOf(host, state))).value : variable.value
  messages.addWithin(value)
  state.variables[variable.name] = value
}

/** How many items are sent at once: receiving more would keep the main process from hearing Ctrl-C. */
const PART = 20_000

let parts = 0

function firstPart({ long }: State, value: unknown): Pick<Answer, 'value' | 'long'> {
  if (!Array.isArray(value) || value.length <= PART) return { value }
  long.set(++parts, value)
  return { value: value.slice(0, PART), long: { part: parts, length: value.length } }
}

function nextPart({ long }: State, { part, from }: { part: number; from: number }): unknown[] {
  const items = long.get(part) ?? []
  if (from + PART >= items.length) long.delete(part)
  return items.slice(from, from + PART)
}

async function resultOf(host: Host, state: State, text: string, input: () => unknown): Promise<{ value: unknown; name?: string }> {
  const expression = compile(host, text)
  const root = await input()
  try {
    return { value: await evaluate(expression, root, state.variables), name: assignedName(expression.ast()) }
  } catch (error) {
    const names = [...FUNCTIONS, ...host.functions().names(), ...Object.keys(state.variables)]
    throw queryProblem(text, error, names)
  }
}

const rootOf = async (host: Host, state: State) => ({ sessions: await sessionsOf(host, state) })

/** The sessions, newest first, as they were read last, unless somebody has written since. */
async function sessionsOf(host: Host, state: State): Promise<Json[]> {
  const { store, messages, revision } = await freshData(host, state)
  if (state.sessions?.revision === revision) return state.sessions.rows
  const rows: Json[] = []
  for await (const session of store.list({ where: { trashed: false } })) rows.push(messages.add(queryRow(session)))
  state.sessions = { revision, rows }
  return rows
}
