import { type Host, type Json, queryRow, type Store } from 'ainative-code'
import { BUILTIN_FUNCTIONS } from './builtin-functions.ts'
import { compile, containsFunction, evaluate } from './expression.ts'
import { type Messages, messagesOf } from './lazy-messages.ts'
import { assignedName, queryProblem } from './syntax.ts'
import { testRows } from './test-rows.ts'

/**
 * A question to the query worker: to evaluate an expression, to send further items of a long result, or to test rows with --where. `set`
 * are the variables that the worker does not have yet; `over` is the data to query in place of the sessions.
 */
export type Question =
  | { text: string; set: Variable[]; over?: { data: unknown } }
  | { part: number; from: number }
  | { where: string; rows: Json[] }

/** A variable: its value, or the expression that sets it. */
export type Variable = { name: string; value: unknown } | { name: string; text: string }

/** The answer to an expression. */
export interface Answer {
  value: unknown
  /** Set for a long array, of which `value` has the first items: the number that identifies the array, and its length. */
  long?: { part: number; length: number }
  /** The variable that the expression sets. */
  name?: string
  /** True if the result contains a function, which the worker cannot send. */
  withFunction: boolean
}

interface State {
  /** Set by the first question that needs the store. */
  data?: { store: Store; messages: Messages }
  variables: Record<string, unknown>
  sessions?: { revision: number; rows: Json[] }
  /** The results that are sent in parts, by number. */
  long: Map<number, unknown[]>
}

const states = new WeakMap<Host, State>()

function stateOf(host: Host): State {
  const state = states.get(host) ?? { variables: {}, long: new Map() }
  states.set(host, state)
  return state
}

/** Answers a question in the query worker. */
export async function answerQuestion(host: Host, question: Question): Promise<Answer | unknown[]> {
  const state = stateOf(host)
  if ('part' in question) return nextPart(state, question)
  if ('where' in question) {
    const { messages } = await freshData(host, state)
    return testRows(host, question.where, question.rows.map(messages.add))
  }
  for (const each of question.set) await setVariable(host, state, each)
  const { over } = question
  const { value, name } = await resultOf(host, state, question.text, over ? () => over.data : () => rootOf(host, state))
  const withFunction = containsFunction(value)
  if (!over && (name !== undefined || !withFunction)) state.variables[name ?? '_'] = value
  return withFunction ? { value: undefined, name, withFunction } : { ...firstPart(state, value), name, withFunction }
}

/** Returns the store, its revision and its messages. Drops the cached messages if the store has changed. */
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

/** The number of items per part: while the main process receives a part, it does not react to Ctrl-C. */
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
    const names = [...BUILTIN_FUNCTIONS, ...host.functions().names(), ...Object.keys(state.variables)]
    throw queryProblem(text, error, names)
  }
}

const rootOf = async (host: Host, state: State) => ({ sessions: await sessionsOf(host, state) })

/** The sessions, newest first; read again only if the store has changed. */
async function sessionsOf(host: Host, state: State): Promise<Json[]> {
  const { store, messages, revision } = await freshData(host, state)
  if (state.sessions?.revision === revision) return state.sessions.rows
  const rows: Json[] = []
  for await (const session of store.list({ where: { trashed: false } })) rows.push(messages.add(queryRow(session)))
  state.sessions = { revision, rows }
  return rows
}
