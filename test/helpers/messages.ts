import type { Home } from './cli.ts'
import { okHere } from './here.ts'

/** A message in the JSON of `session show`. */
export interface Stored {
  role: string
  content: string
  state?: string
  finish_reason?: string
  usage?: Record<string, number>
  cost?: object
  parts?: { type: string; text: string }[]
}

/** Returns the messages of the session that was used last. */
export const lastMessages = async (home: Home): Promise<Stored[]> =>
  JSON.parse(await okHere(home, 'session', 'show', 'last', '--format', 'json')).messages
