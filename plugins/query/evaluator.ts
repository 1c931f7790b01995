import { type Evaluate, type Host, type Limits, openWorker, type Predicate, Problem, toJson, type Worker } from 'ainative-code'
import type { Answer, Question, Variable } from './answer-question.ts'
import { checkSyntax } from './syntax.ts'

/** The default time limit of a query, in seconds. */
export const DEFAULT_TIMEOUT = 30

interface State {
  worker: Worker
  /** The variables by name, in the order in which they were set, because a function may use an earlier variable. */
  variables: Map<string, Variable>
  /** The last result of a query, which can be sent to the worker unchanged. */
  result?: { value: unknown }
  /** The value of `$_` in the worker. */
  workerResult?: { value: unknown }
}

/** The texts about the query worker in error messages. */
const WORKER_TEXTS = {
  title: 'the query',
  memoryHint: 'query less data at a time',
  timeoutHint: 'query --timeout SECONDS extends the time limit',
}

const states = new WeakMap<Host, State>()

function stateOf(host: Host): State {
  const open = states.get(host)
  if (open) return open
  const state: State = { worker: openWorker(host, 'query', WORKER_TEXTS), variables: new Map() }
  states.set(host, state)
  host.hooks.close.tapPromise('query', () => state.worker.close())
  return state
}

/** The variables that the worker does not have: all variables for a new worker, and the last result if the expression may use it. */
function missingVariables(host: Host, { worker, variables, result, workerResult }: State, text: string): Variable[] {
  const isNew = worker.isNew()
  const last = host.variables.get('_')
  const lacksLast = last !== undefined && /\$_(?!\w)|\$eval/.test(text) && (isNew || !workerResult || workerResult.value !== last)
  const value = lacksLast && (result?.value === last ? last : JSON.parse(toJson(last)))
  return [...(lacksLast ? [{ name: '_', value }] : []), ...(isNew ? variables.values() : [])]
}

/** Evaluates an expression and stores the variable that it sets. Throws a Problem if the result contains a function. */
export async function runQuery(host: Host, text: string, limits: Limits): Promise<Pick<Answer, 'value' | 'name'>> {
  const state = stateOf(host)
  await checkStore(host)
  await prepareFunctions(host, text, limits.signal)
  const answer = await ask(host, state, { text }, limits)
  const { name, withFunction } = answer
  if (name === undefined && withFunction) throw functionProblem()
  const value = await wholeValue(state, answer, limits)
  storeResult(host, state, { name, ...(withFunction ? { text } : { value }) } as Variable)
  return { value, name }
}

/** Sends an expression to the worker, with the variables that the worker does not have. */
async function ask(host: Host, state: State, question: { text: string; over?: { data: unknown } }, limits: Limits): Promise<Answer> {
  const set = missingVariables(host, state, question.text)
  const answer = await state.worker.ask<Answer>({ ...question, set } satisfies Question, limits)
  if (set.some(({ name }) => name === '_')) state.workerResult = { value: host.variables.get('_') }
  return answer
}

/** Opens or creates the store, which the worker opens by its location. Throws a Problem if another store is now at that location. */
async function checkStore(host: Host): Promise<void> {
  const store = await host.store()
  await store.revision()
}

async function prepareFunctions(host: Host, text: string, signal: AbortSignal): Promise<void> {
  for (const { name, prepare } of host.functions().all()) {
    if (prepare && text.includes(`$${name}`)) await prepare({ signal, progress: () => undefined })
  }
}

/** The complete value of an answer; a long array arrives in parts. */
async function wholeValue({ worker }: State, { value, long }: Answer, limits: Limits): Promise<unknown> {
  if (!long) return value
  const items = value as unknown[]
  while (items.length < long.length) {
    const more = await worker.ask<unknown[]>({ part: long.part, from: items.length } satisfies Question, limits)
    if (more.length === 0)
      throw new Problem('query', 'the result was lost, because another query was stopped', { hint: 'run the query again' })
    for (const each of more) items.push(each)
  }
  return items
}

function storeResult(host: Host, state: State, variable: Variable): void {
  const { name = '_' } = variable
  if ('text' in variable) host.variables.delete(name)
  else host.variables.set(name, variable.value)
  if (name === '_') {
    state.result = variable as { value: unknown }
    state.workerResult = state.result
    return
  }
  state.variables.delete(name)
  state.variables.set(name, variable)
}

/** Creates the evaluation of --query. The worker starts in parallel to the command. Throws a Problem for invalid syntax. */
export function createEvaluate(host: Host, text: string): Evaluate {
  checkSyntax(text)
  stateOf(host)
  return async (data, signal) => {
    const limits = { timeout: DEFAULT_TIMEOUT, signal }
    const state = stateOf(host)
    await prepareFunctions(host, text, signal)
    const answer = await ask(host, state, { text, over: { data } }, limits)
    if (answer.withFunction) throw functionProblem()
    return wholeValue(state, answer, limits)
  }
}

const functionProblem = () => new Problem('query', 'the query returns a function', { hint: 'call the function: add ( )' })

/** Creates the predicate of --where. Throws a Problem for invalid syntax. */
export function createPredicate(host: Host, text: string): Predicate {
  checkSyntax(text)
  return async (rows, signal) => {
    await checkStore(host)
    await prepareFunctions(host, text, signal)
    return stateOf(host).worker.ask<boolean[]>({ where: text, rows } satisfies Question, { timeout: DEFAULT_TIMEOUT, signal })
  }
}
