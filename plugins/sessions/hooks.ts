import { type Context, type Host, type Json, named, type Session, type Store } from 'ainative-code'
import { AsyncSeriesBailHook } from 'tapable'

/** A session to show, and the reader of its messages. */
export interface Reading {
  session: Session
  messages: Store['messages']
}

/** A session that someone shares, as a row of `session list --shared`. Times are ISO 8601 UTC. */
export interface SharedRow extends Json {
  id: string
  title: string
  owner: string
  team: string
  message_count: number
  shared_at: string
  updated_at: string
}

const create = () => ({
  /** Returns the session that a word names, if another plugin than the store has it. */
  reading: named('reading', new AsyncSeriesBailHook<[string, Context], Reading | undefined>(['word', 'context'])),
  /** Returns the sessions that are shared with a team of the user, or with any. */
  shared: named('shared', new AsyncSeriesBailHook<[string | undefined, Context], SharedRow[]>(['team', 'context'])),
})

const hooks = new WeakMap<Host, ReturnType<typeof create>>()

/** The hooks of the plugin sessions for one host. */
export function sessionsHooks(host: Host): ReturnType<typeof create> {
  const hostHooks = hooks.get(host) ?? create()
  hooks.set(host, hostHooks)
  return hostHooks
}
