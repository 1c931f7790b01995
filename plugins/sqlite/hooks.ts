import { type Change, type Host, named, type Watcher } from 'ainative-code'
import type { Kysely } from 'kysely'
import { AsyncSeriesBailHook, AsyncSeriesHook, SyncHook } from 'tapable'
import type { Access } from './access.ts'
import type { Connection } from './connection.ts'
import type { Schema } from './schema.ts'

/** A migration of the database schema: its name, which starts with the plugin's name, and its SQL. Names sort in the order to apply. */
export interface Migration {
  name: string
  up: string
}

/** A problem that a check found, and its fix. */
export interface Finding {
  problem: string
  /** The action of `fix`, such as `recount the messages`; absent if there is no fix. */
  remedy?: string
  fix?(watcher: Watcher): Promise<void>
}

/** A check of one part of the data, for `doctor`. */
export interface Check {
  name: string
  find(access: Access): Promise<Finding[]>
}

const create = () => ({
  /** Collects the checks that `doctor` runs. */
  checks: named('checks', new SyncHook<[(check: Check) => void]>(['add'])),
  /** Collects the migrations of the plugins that have their own tables. */
  migrations: named('migrations', new SyncHook<[(migration: Migration) => void]>(['add'])),
  /** Called for each change inside the transaction of a save or of a staged import, before the commit. */
  writing: named('writing', new AsyncSeriesHook<[Change, Kysely<Schema>]>(['change', 'transaction'])),
  /** Called before every write transaction; a plugin creates temporary triggers here. */
  watching: named('watching', new AsyncSeriesHook<[Connection]>(['connection'])),
  /** Called inside every write transaction, also those of an import, before the commit. */
  committing: named('committing', new AsyncSeriesHook<[Connection]>(['connection'])),
  /** Returns the ids of the sessions that contain these words. */
  holding: named('holding', new AsyncSeriesBailHook<[string], string[]>(['words'])),
  /** Called with a backup before it replaces the database. */
  restoring: named('restoring', new AsyncSeriesHook<[Connection]>(['backup'])),
  /** Called after the commit of an import. */
  imported: named('imported', new AsyncSeriesHook<[Watcher]>(['watcher'])),
})

const hooks = new WeakMap<Host, ReturnType<typeof create>>()

/** The hooks of the sqlite plugin for one host. */
export function sqliteHooks(host: Host): ReturnType<typeof create> {
  const hostHooks = hooks.get(host) ?? create()
  hooks.set(host, hostHooks)
  return hostHooks
}
