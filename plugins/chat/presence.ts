import { type Context, findId, Problem } from 'ainative-code'
import type { Conversation } from './conversation.ts'

/**
 * Checks that the session of a conversation still exists: another process may have moved it to the trash, or purged it. Asks whether to
 * restore the session, or to continue in a new one; false leaves the conversation.
 */
export async function checkSession(conversation: Conversation, context: Context): Promise<boolean> {
  const { session } = conversation.target
  const problem = session && conversation.saves ? await problemOf(session.id, context) : undefined
  if (!session || !problem) return true
  const trashed = problem.code === 'trashed'
  const question = `${problem.message}; ${trashed ? 'restore it and continue?' : 'continue in a new session?'}`
  if (!(await confirm(question, problem, context))) {
    context.note(`left the conversation; the last input was not used${problem.hint ? `, and ${problem.hint}` : ''}`)
    return false
  }
  if (trashed) await context.runLine(['session', 'restore', session.id])
  else conversation.startOver()
  return true
}

/** The problem that prevents a message in the session. */
async function problemOf(id: string, context: Context): Promise<Problem | undefined> {
  try {
    await findId(context, id)
    return undefined
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.code === 'trashed') return error
    if (error.code === 'no-session')
      return new Problem('no-session', `the session ${id} was purged`, { hint: 'ainative-code chat starts a new one' })
    throw error
  }
}

/** Asks on the terminal; throws the problem if there is no terminal. */
async function confirm(question: string, problem: Problem, context: Context): Promise<boolean> {
  try {
    return await context.ask(question, '')
  } catch (error) {
    throw error instanceof Problem && error.code === 'usage' ? problem : error
  }
}
