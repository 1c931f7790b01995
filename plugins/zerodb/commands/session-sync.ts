import {
  type Context,
  codeOf,
  defineCommand,
  findId,
  flag,
  type Host,
  hasSelection,
  isLocalOnly,
  isoTime,
  messageOf,
  once,
  Problem,
  SESSION_ID,
  Selection,
  select,
  toExpr,
  usage,
} from 'ainative-code'
import * as z from 'zod'
import { type Access, accessTo } from '../../sqlite/index.ts'
import type { Server } from '../server/connect.ts'
import { BACKGROUND, forgetWrites } from '../sync/auto.ts'
import { removeFailure, saveFailure } from '../sync/failure.ts'
import { localOf } from '../sync/local.ts'
import { withSyncLock } from '../sync/lock.ts'
import { type PlannedChange, plan } from '../sync/plan.ts'
import { reporter, withConnection } from '../sync/run.ts'
import { type SyncResult, sync } from '../sync/sync.ts'
import { plannedText, resultText } from '../sync/text.ts'

const Input = once(() =>
  Selection().extend({
    push: flag('Only send local changes'),
    pull: flag('Only fetch changes of other devices'),
    bidirectional: flag('Send and fetch changes (the default)'),
    force: flag('Compare everything again; both sides are merged, nothing is overwritten'),
    retry: flag('Retry rows that could not be applied'),
    dryRun: flag('Show what would be sent and fetched, without sending or fetching'),
    session: z.array(z.string()).optional().meta({
      description: 'Sync only this session; unlike with selection flags, it need not be on this device',
      value: 'id',
      complete: 'sessions',
    }),
  }),
)
type Input = z.output<ReturnType<typeof Input>>

/** The command `session sync`. */
export const sessionSync = defineCommand({
  name: 'session sync',
  summary: 'Sync sessions with the ZeroDB server',
  group: 'Sync',
  argvAliases: ['sessions sync'],
  input: Input,
  writes: ({ dryRun }) => !dryRun,
  fields: ['pulled', 'pushed', 'equal', 'aside', 'direction', 'id', 'title', 'messages'],
  examples: ['ainative-code session sync', 'ainative-code session sync --push', 'ainative-code session sync --force --pull'],
  async run(input, context): Promise<SyncResult | PlannedChange[]> {
    const { host, signal } = context
    const both = input.push === input.pull
    if (input.bidirectional && !both) throw usage('--bidirectional already pushes and pulls', 'use only one of the flags')
    const access = await accessTo(host)
    if (!access) throw new Problem('no-store', 'sync needs the built-in SQLite store', { hint: 'ainative-code plugin list' })
    const only = await selectIds(input, context)
    const sides = { push: both || input.push, pull: both || input.pull }
    const work = (server: Server): Promise<SyncResult | PlannedChange[]> =>
      input.dryRun
        ? plan(access, server, { ...sides, only })
        : sync(access, server, { ...sides, only, force: input.force, retry: input.retry, ...reporter(context) })
    const result = await withFailureNote(access, host, () =>
      access.withProblems(() => withConnection(context, (server) => withSyncLock(access, { signal }, () => work(server)))),
    )
    if (!input.dryRun) {
      removeFailure(host)
      forgetWrites(host)
    }
    await checkFound(access, context, input.session ?? [], result)
    return result
  },
  print: (data) => (Array.isArray(data) ? plannedText(data) : resultText(data)),
})

/** Returns the ids of the sessions to sync; undefined for all. */
async function selectIds(input: Input, context: Context): Promise<string[] | undefined> {
  const ids: string[] = []
  // A full id may belong to a session that is not on this device yet.
  for (const word of input.session ?? []) ids.push(SESSION_ID.test(word) ? word : await findId(context, word))
  const store = await context.host.store()
  for (const id of ids) if (isLocalOnly((await store.get(id))?.metadata ?? {})) throw localOnly(id)
  if (!hasSelection(input)) return input.session && ids
  for await (const { id, metadata } of select(context, { where: toExpr(input) }, input.where)) if (!isLocalOnly(metadata)) ids.push(id)
  if (ids.length === 0) context.note('no session on this device matches; session sync without these flags fetches all')
  return ids
}

/** Throws a Problem for a full id that neither side knows. A session that could not be applied counts as known. */
async function checkFound({ connection }: Access, context: Context, words: string[], result: SyncResult | PlannedChange[]): Promise<void> {
  const planned = Array.isArray(result) ? result.map(({ id }) => id) : []
  const { registers, hasAside } = localOf(connection)
  if (hasAside()) return
  for (const word of words) if (SESSION_ID.test(word) && !planned.includes(word) && registers(word).size === 0) await findId(context, word)
}

const localOnly = (id: string) =>
  new Problem('local-only', `the session ${id} is local-only: it stays on this device`, {
    hint: `ainative-code session meta ${id} --unset sync`,
  })

/** Runs a sync. Stores an error of a sync in the background for `zerodb status`; a new error also becomes a note of the next command. */
async function withFailureNote<T>({ connection, write }: Access, host: Host, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (host.env[BACKGROUND] && codeOf(error) !== 'sync-running') {
      const { state, setState } = localOf(connection)
      const message = messageOf(error)
      const known = state('error')
      if (known === undefined || JSON.parse(known).message !== message) saveFailure(host, message)
      await write(async () => setState('error', JSON.stringify({ at: isoTime(Date.now()), message })))
    }
    throw error
  }
}
