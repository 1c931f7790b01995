import { type Change, type Host, named, type Watcher } from 'ainative-code'
import type { Kysely } from 'kysely'
import { AsyncSeriesBailHook, AsyncSeriesHook, SyncHook } from 'tapable'
import type { Access } from './access.ts'
import type { Connection } from './open.ts'
import type { Schema } from './schema.ts'

/** One step forward of the schema; names begin with the plugin's name and sort in order. */
export interface Migration {
  name: string
  up: string
}

/** What is wrong with one part of the data, and what mends it. */
export interface Finding {
  problem: string
  /** Says what `fix` does, as in `count them again`; absent where nothing mends it. */
  remedy?: string
  fix?(watcher: Watcher): Promise<void>
}

/** Looks at one part of the data. */
export interface Check {
  name: string
  find(access: Access): Promise<Finding[]>
}

const create = () => ({
  /** Collects what `doctor` looks at. */
  checks: named('checks', new SyncHook<[(check: Check) => void]>(['add'])),
  /** Collects the migrations of every plugin that keeps tables of its own. */
  migrations: named('migrations', new SyncHook<[(migration: Migration) => void]>(['add'])),
  /** Inside the transaction of a save or of a staged import, before its commit. */
  writing: named('writing', new AsyncSeriesHook<[Change, Kysely<Schema>]>(['change', 'transaction'])),
  /** Before every write transaction: the place for temporary triggers. */
  watching: named('watching', new AsyncSeriesHook<[Connection]>(['connection'])),
  /** Inside of every write transaction, also of those of an import, before its commit. */
  committing: named('committing', new AsyncSeriesHook<[Connection]>(['connection'])),
  /** Answers with the ids of the sessions that hold these words. */
  holding: named('holding', new AsyncSeriesBailHook<[string], string[]>(['words'])),
  /** After an import was committed. */
  imported: named('imported', new AsyncSeriesHook<[Watcher]>(['watcher'])),
})

const hooks = new WeakMap<Host, ReturnType<typeof create>>()

/** The hooks that the sqlite plugin owns. */
export function sqliteHooks(host: Host): ReturnType<typeof create> {
  const own = hooks.get(host) ?? create()
  hooks.set(host, own)
  return own
}
