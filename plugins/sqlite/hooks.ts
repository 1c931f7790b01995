import { type Change, type Host, named } from 'ainative-code'
import type { Kysely } from 'kysely'
import { AsyncSeriesHook, SyncHook } from 'tapable'
import type { Schema } from './schema.ts'

/** One step forward of the schema; names begin with the plugin's name and sort in order. */
export interface Migration {
  name: string
  up: string
}

const create = () => ({
  /** Collects the migrations of every plugin that keeps tables of its own. */
  migrations: named('migrations', new SyncHook<[(migration: Migration) => void]>(['add'])),
  /** Inside the transaction of a save or of a staged import, before its commit. */
  writing: named('writing', new AsyncSeriesHook<[Change, Kysely<Schema>]>(['change', 'transaction'])),
})

const hooks = new WeakMap<Host, ReturnType<typeof create>>()

/** The hooks that the sqlite plugin owns. */
export function sqliteHooks(host: Host): ReturnType<typeof create> {
  const own = hooks.get(host) ?? create()
  hooks.set(host, own)
  return own
}
