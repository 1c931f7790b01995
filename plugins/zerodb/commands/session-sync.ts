import {
  type Context,
  codeOf,
  defineCommand,
  findId,
  flag,
  type Host,
  hasSelection,
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
import { type Access, accessTo, withProcessLock } from '../../sqlite/index.ts'
import { connect, type Server } from '../server/connect.ts'
import { BACKGROUND, forgetWrites } from '../sync/auto.ts'
import { localOf } from '../sync/local.ts'
import { type Planned, plan } from '../sync/plan.ts'
import { type SyncResult, sync } from '../sync/sync.ts'
import { plannedText, resultText } from '../sync/text.ts'

const Input = once(() =>
  Selection().extend({
    push: flag('Only send local changes'),
    pull: flag('Only fetch changes of other devices'),
    bidirectional: flag('Send and fetch changes (the default)'),
    force: flag('Compare everything again; both sides are merged, nothing is overwritten'),
    dryRun: flag('Show what would be sent and fetched, without a transfer'),
    session: z.array(z.string()).optional().meta({ description: 'Sync only this session', value: 'id', complete: 'sessions' }),
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
  async run(input, context): Promise<SyncResult | Planned[]> {
    const { host, signal } = context
    const both = input.push === input.pull
    if (input.bidirectional && !both) throw usage('--bidirectional already pushes and pulls', 'use only one of the flags')
    const access = await accessTo(host)
    if (!access) throw new Problem('no-store', 'sync needs the built-in SQLite store', { hint: 'ainative-code plugin list' })
    const only = await selected(input, context)
    const sides = { push: both || input.push, pull: both || input.pull }
    const work = (server: Server): Promise<SyncResult | Planned[]> =>
      input.dryRun
        ? plan(access, server, { ...sides, only })
        : sync(access, server, { ...sides, only, force: input.force, ...signs(context) })
    const result = await remember(access, host, () =>
      access.withProblems(() => connected(context, (server) => locked(access, signal, () => work(server)))),
    )
    forgetWrites(host)
    return result
  },
  print: (data) => (Array.isArray(data) ? plannedText(data) : resultText(data)),
})

/** The ids of the sessions to sync; undefined for all. */
async function selected(input: Input, context: Context): Promise<string[] | undefined> {
  const ids: string[] = []
  // A full id may be of a session that is not on this device yet.
  for (const word of input.session ?? []) ids.push(SESSION_ID.test(word) ? word : await findId(context.host, word))
  if (!hasSelection(input)) return input.session && ids
  for await (const { id } of select(context, { where: toExpr(input) }, input.where)) ids.push(id)
  return ids
}

/** How long a sync waits for another one on this machine, in milliseconds. */
const WAIT_MS = 60_000

async function locked<T>(access: Access, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const result = await withProcessLock(`${access.connection.name}.sync`, { wait: WAIT_MS, signal }, async () => ({ value: await work() }))
  if (!result)
    throw new Problem('sync-running', `another sync of this database has been running for ${WAIT_MS / 1000} s`, {
      hint: 'ainative-code zerodb status shows what is pending',
    })
  return result.value
}

/** Runs work on a connection to the server. */
async function connected<T>({ host, signal, note, progress }: Context, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await connect(host, { signal, note })
  try {
    return await work(server)
  } finally {
    progress('')
    await server.close()
  }
}

/** How a sync shows what it does: each warning once. */
function signs({ signal, progress, note }: Context) {
  const warnings = new Set<string>()
  const warn = (text: string) => {
    if (!warnings.has(text)) note(`warning: ${text}`)
    warnings.add(text)
  }
  return { signal, progress, warn }
}

/** Keeps the error of a sync in the background for `zerodb status`. */
async function remember<T>({ connection, write }: Access, { env }: Host, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const found = JSON.stringify({ at: isoTime(Date.now()), message: messageOf(error) })
    if (env[BACKGROUND] && codeOf(error) !== 'sync-running') await write(async () => localOf(connection).setState('error', found))
    throw error
  }
}
