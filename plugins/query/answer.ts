import { type Host, type Json, queryRow, type Store } from 'ainative-code'
import { compile, evaluate, holdsFunction } from './expression.ts'
import { FUNCTIONS } from './functions.ts'
import { type Messages, messagesOf } from './messages.ts'
import { assignedName, queryProblem } from './syntax.ts'
import { testRows } from './where.ts'

/**
 * What the query worker is asked: an expression (`set` are the variables that the worker lacks), the items of a long result from an
 * index on, or for which rows --where holds.
 */
export type Question = { text: string; set: Variable[] } | { part: number; from: number } | { where: string; rows: Json[] }

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
  store: Store
  messages: Messages
  variables: Record<string, unknown>
  sessions?: { revision: number; rows: Json[] }
  /** Results that are sent in parts, by number. */
  long: Map<number, unknown[]>
}

const states = new WeakMap<Host, State>()

async function stateOf(host: Host): Promise<State> {
  const store = await host.store()
  const state = states.get(host) ?? { store, messages: messagesOf(store), variables: {}, long: new Map() }
  states.set(host, state)
  return state
}

/** The query worker's side. */
export async function answer(host: Host, question: Question): Promise<Answer | unknown[]> {
  const state = await stateOf(host)
  state.messages.refresh(await state.store.revision())
  if ('part' in question) return nextPart(state, question)
  if ('where' in question) return testRows(host, question.where, question.rows.map(state.messages.add))
  for (const each of question.set) await setVariable(host, state, each)
  const { value, name } = await resultOf(host, state, question.text)
  const withFunction = holdsFunction(value)
  if (name !== undefined || !withFunction) state.variables[name ?? '_'] = value
  return withFunction ? { value: undefined, name, withFunction } : { ...firstPart(state, value), name, withFunction }
}

async function setVariable(host: Host, state: State, variable: Variable): Promise<void> {
  const value = 'text' in variable ? (await resultOf(host, state, variable.text)).value : variable.value
  state.messages.addWithin(value)
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

/** Evaluates over `{ sessions: […] }`, newest first. */
async function resultOf(host: Host, state: State, text: string): Promise<{ value: unknown; name?: string }> {
  const expression = compile(host, text)
  const sessions = await sessionsOf(state)
  try {
    return { value: await evaluate(expression, { sessions }, state.variables), name: assignedName(expression.ast()) }
  } catch (error) {
    const names = [...FUNCTIONS, ...host.functions().names(), ...Object.keys(state.variables)]
    throw queryProblem(text, error, names)
  }
}

/** The sessions as they were read last, unless somebody has written since. */
async function sessionsOf(state: State): Promise<Json[]> {
  const revision = await state.store.revision()
  if (state.sessions?.revision === revision) return state.sessions.rows
  const rows: Json[] = []
  for await (const session of state.store.list({ where: { trashed: false } })) rows.push(state.messages.add(queryRow(session)))
  state.sessions = { revision, rows }
  return rows
}
