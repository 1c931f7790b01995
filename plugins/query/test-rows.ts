import { type Host, type Json, messageOf, Problem } from 'ainative-code'
import { compile, containsFunction, evaluate } from './expression.ts'

/** Tests rows with the expression of --where. A missing result counts as false; any other value than a boolean is a Problem. */
export async function testRows(host: Host, text: string, rows: Json[]): Promise<boolean[]> {
  const expression = compile(host, text)
  const results: boolean[] = []
  for (const row of rows) results.push(isTrue(await evaluate(expression, row).catch((error) => throwProblem(row, error)), row))
  return results
}

function throwProblem(row: Json, error: unknown): never {
  throw new Problem('query', `--where failed on session ${row.id}: ${messageOf(error)}`, { cause: error })
}

function isTrue(answer: unknown, row: Json): boolean {
  if (answer === undefined || typeof answer === 'boolean') return answer === true
  const value = containsFunction(answer) ? 'a function' : JSON.stringify(answer)
  throw new Problem('query', `--where returned ${value} for session ${row.id}, expected true or false`, {
    hint: 'use a comparison, such as message_count > 10, "go" in tags or $contains(title, "API")',
  })
}
