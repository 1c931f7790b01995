import { type Host, type Json, messageOf, Problem } from 'ainative-code'
import { compile, evaluate, holdsFunction } from './expression.ts'

/** For which rows the text of --where holds: nothing is no match, and anything but a boolean is a mistake. */
export async function testRows(host: Host, text: string, rows: Json[]): Promise<boolean[]> {
  const expression = compile(host, text)
  const holds: boolean[] = []
  for (const row of rows) holds.push(isTrue(await evaluate(expression, row).catch((error) => failed(row, error)), row))
  return holds
}

function failed(row: Json, error: unknown): never {
  throw new Problem('query', `--where failed on session ${row.id}: ${messageOf(error)}`, { cause: error })
}

function isTrue(answer: unknown, row: Json): boolean {
  if (answer === undefined || typeof answer === 'boolean') return answer === true
  const given = holdsFunction(answer) ? 'a function' : JSON.stringify(answer)
  throw new Problem('query', `--where gave ${given} for session ${row.id}, where true or false was expected`, {
    hint: 'compare something: message_count > 10, "go" in tags, $contains(title, "API")',
  })
}
