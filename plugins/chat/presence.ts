import { type Context, findId, Problem } from 'ainative-code'
import type { Conversation } from './conversation.ts'

/**
 * Makes sure that the session of a conversation is still in use: another process may have moved it to the trash, or purged it. Asks
 * whether to restore it, or to go on in a new one; false leaves the conversation.
 */
export async function checkSession(conversation: Conversation, context: Context): Promise<boolean> {
  const { session } = conversation.target
  const problem = session && conversation.saves ? await problemOf(session.id, context) : undefined
  if (!session || !problem) return true
  const trashed = problem.code === 'trashed'
  const question = `${problem.message}; ${trashed ? 'restore it and go on?' : 'go on in a new one?'}`
  if (!(await confirm(question, problem, context))) {
    context.note(`left the conversation; the last input was not used${problem.hint ? `, and ${problem.hint}` : ''}`)
    return false
  }
  if (trashed) await context.runLine(['session', 'restore', session.id])
  else conversation.startOver()
  return true
}

/** Why the session cannot take a message. */
async function problemOf(id: string, { host }: Context): Promise<Problem | undefined> {
  try {
    await findId(host, id)
    return undefined
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.code === 'trashed') return error
    if (error.code === 'no-session')
      return new Problem('no-session', `the session ${id} was purged`, { hint: 'ainative-code chat starts a new one' })
    throw error
  }
}

/** Asks on the terminal; where there is none to ask on, the problem is thrown. */
async function confirm(question: string, problem: Problem, context: Context): Promise<boolean> {
  try {
    return await context.ask(question, '')
  } catch (error) {
    throw error instanceof Problem && error.code === 'usage' ? problem : error
  }
}
