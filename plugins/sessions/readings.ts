import { type Context, findIds } from 'ainative-code'
import { type Reading, sessionsHooks } from './hooks.ts'

/** Finds the sessions that words name: those of the store, and those of other plugins. */
export async function readingsOf(context: Context, words: readonly string[]): Promise<Reading[]> {
  const store = await context.host.store()
  const readings = new Map<string, Reading>()
  for (const word of words) {
    const other = await sessionsHooks(context.host).reading.promise(word, context)
    if (other) readings.set(other.session.id, other)
    else
      for (const id of await findIds(context, [word])) {
        const session = await store.get(id)
        if (session) readings.set(id, { session, messages: (...range) => store.messages(...range) })
      }
  }
  return [...readings.values()]
}
