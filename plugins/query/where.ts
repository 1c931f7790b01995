import { type Host, messageOf, type Predicate, Problem } from 'ainative-code'
import { compile, evaluate, holdsFunction } from './expression.ts'

/** The predicate of --where: nothing is no match, and anything but a boolean is a mistake. */
export function predicate(host: Host, text: string): Predicate {
  const expression = compile(host, text)
  return async (row) => {
    let answer: unknown
    try {
      answer = await evaluate(expression, row)
    } catch (error) {
      throw new Problem('where', `--where failed on session ${row.id}: ${messageOf(error)}`, { cause: error })
    }
    if (answer === undefined || typeof answer === 'boolean') return answer === true
    throw new Problem(
      'where',
      `--where gave ${holdsFunction(answer) ? 'a function' : JSON.stringify(answer)} for session ${row.id}, where true or false was expected`,
      {
        hint: 'compare something: message_count > 10, "go" in tags, $contains(title, "API")',
      },
    )
  }
}
