import { collect, defineCommand, type Host, type Json, messageOf, messageRow, Problem, sessionRow } from 'ainative-code'
import * as z from 'zod'
import { compile, evaluate, holdsFunction, namesMessages } from './expression.ts'
import { printResult } from './print.ts'

export const query = defineCommand({
  name: 'query',
  summary: 'Answer a JSONata query over all sessions',
  args: ['expression'],
  input: z.object({ expression: z.string().meta({ complete: 'jsonata' }) }),
  formats: ['json', 'jsonl', 'csv', 'table'],
  examples: [`ainative-code query 'sessions[provider="anthropic"].title'`, `ainative-code query '$sum(sessions.message_count)'`],
  async run({ expression: text }, { host, note, signal }) {
    const result = await answer(host, text, signal)
    if (result === undefined) note('no match')
    return result
  },
  print: printResult,
})

/** Evaluates over `{ sessions: […] }`, newest first; messages are read only where the expression names them. */
async function answer(host: Host, text: string, signal: AbortSignal): Promise<unknown> {
  const expression = compile(host, text)
  const sessions = await loadSessions(host, namesMessages(expression))
  let result: unknown
  try {
    result = await evaluate(expression, { sessions }, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw new Problem('query', `the query failed: ${messageOf(error)}`, { cause: error })
  }
  if (holdsFunction(result)) {
    throw new Problem('query', 'the query gives a function', { hint: 'call it with ( )' })
  }
  return result
}

async function loadSessions(host: Host, withMessages: boolean): Promise<Json[]> {
  const store = await host.store()
  const rows: Json[] = []
  for await (const session of store.list({ where: { trashed: false } })) {
    const row = sessionRow(session)
    if (withMessages) row.messages = (await collect(store.messages(session))).map(messageRow)
    rows.push(row)
  }
  return rows
}
