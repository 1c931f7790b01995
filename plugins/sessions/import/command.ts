import {
  type Context,
  codeOf,
  defineCommand,
  flag,
  type Import,
  type ImportMode,
  LOCAL_ONLY,
  messageOf,
  Problem,
  parseForeignJson,
  plural,
  Title,
  usage,
} from 'ainative-code'
import * as z from 'zod'
import { seemsLocalOnly, syncNote, withLocalOnly } from '../sync-key.ts'
import { createDryRun } from './dry-run.ts'
import { createNewIds, type NewIds } from './new-ids.ts'
import { type InvalidSession, parseSession } from './parse.ts'
import { type Source, sourcesOf } from './sources.ts'
import { splitJson } from './split-json.ts'

const Input = z.object({
  files: z.array(z.string().min(1, 'a file needs a name')).default([]).meta({ value: 'file' }),
  input: z
    .array(z.string().min(1, 'a file needs a name'))
    .default([])
    .describe('File, or - for standard input')
    .meta({ alias: 'i', value: 'file' }),
  dir: z.string().optional().describe('Import the .json and .jsonl files of a folder').meta({ value: 'folder' }),
  newId: flag('Import copies under new ids; forks refer to the copies'),
  title: Title().optional().describe('Title of the session, if the file contains only one').meta({ value: 'text' }),
  skipExisting: flag('Skip sessions that already exist'),
  merge: flag('Add missing messages to sessions that already exist'),
  localOnly: flag('Keep the sessions on this device: sync leaves them out'),
  keepGoing: flag('Skip invalid sessions and import the others'),
  dryRun: flag('Check the files without importing'),
})
type Input = z.output<typeof Input>

/** The command `session import`. */
export const importSessions = defineCommand({
  name: 'session import',
  summary: 'Read sessions from a file',
  group: 'Sessions',
  argvAliases: ['sessions import'],
  writes: true,
  fields: ['added', 'merged', 'skipped', 'messages', 'failed', 'dry_run'],
  args: ['files'],
  input: Input,
  examples: ['ainative-code session import -i sessions-backup.json', 'ainative-code session import --dir ~/session-backups/'],
  async run(input, context) {
    const sources = await sourcesOf([...input.files, ...input.input], input.dir, context)
    if (sources.length === 0) throw usage('session import requires a file', 'add -i FILE, -i - for standard input, or --dir FOLDER')
    const store = await context.host.store()
    const target = input.dryRun ? await createDryRun(context, modeOf(input)) : await store.import(modeOf(input))
    const tally: Tally = { read: 0, invalid: 0, synced: [] }
    const newIds = input.newId ? createNewIds() : undefined
    const created = new Map<string, string>()
    try {
      for (const source of sources) await readSource(source, { input, target, newIds, context, tally, created })
      if (tally.invalid > MAX_NOTES) context.note(`… and ${plural(tally.invalid - MAX_NOTES, 'invalid session')} more`)
      if (tally.invalid > 0 && !input.keepGoing) throw refusal(tally)
      const result = { ...(await target.commit(newIds?.parents, context)), failed: tally.invalid, ...(input.dryRun && { dry_run: true }) }
      context.progress('')
      if (tally.synced.length > 0) context.note(syncNote(tally.synced))
      if (tally.invalid > 0) context.fail()
      return result
    } catch (error) {
      context.progress('')
      await target.abort().catch(() => undefined)
      throw error
    }
  },
  print: (result) => {
    const parts = [
      `${'dry_run' in result ? 'Would import' : 'Imported'} ${plural(result.added, 'session')} (${plural(result.messages, 'message')})`,
    ]
    if (result.merged > 0) parts.push(`${result.merged} merged`)
    if (result.skipped > 0) parts.push(`${result.skipped} skipped`)
    if (result.failed > 0) parts.push(`${result.failed} invalid`)
    return `${parts.join(', ')}\n`
  },
})

interface Tally {
  read: number
  invalid: number
  /** The ids of sessions that seem to stay on this device, but do not. */
  synced: string[]
}

function refusal({ invalid, read }: Tally) {
  const hint = read > invalid ? '--keep-going skips invalid sessions and imports the others' : undefined
  return new Problem(
    'invalid-import',
    `nothing was imported: ${invalid} of ${plural(read, 'session')} ${invalid === 1 ? 'is' : 'are'} invalid`,
    {
      hint,
    },
  )
}

function modeOf({ skipExisting, merge, newId, localOnly }: Input): ImportMode {
  if (merge && localOnly) throw usage('--merge and --local-only cannot be combined: a session on the server would get the messages')
  if (Number(skipExisting) + Number(merge) + Number(newId) > 1) throw usage('--new-id, --skip-existing and --merge cannot be combined')
  return merge ? 'merge' : skipExisting ? 'skip' : 'refuse'
}

/** The state of one run of the command. */
interface Run {
  input: Input
  target: Import
  /** The new ids; present with --new-id. */
  newIds: NewIds | undefined
  tally: Tally
  /** The creation times of the sessions of this import by id; filled with --merge. */
  created: Map<string, string>
  context: Context
}

/** The maximum number of invalid sessions to report one by one. */
const MAX_NOTES = 5

async function readSource(source: Source, run: Run): Promise<void> {
  const { input, tally, context } = run
  let index = 0
  const report = (where: string, message: string) => {
    tally.invalid++
    if (tally.invalid <= MAX_NOTES) context.note(`${source.name}: ${where}${message}`)
  }
  try {
    for await (const bytes of splitJson(source.chunks())) {
      context.signal.throwIfAborted()
      tally.read++
      index++
      if (tally.read > 1 && input.title !== undefined) throw usage('--title requires a file with one session, but there are several')
      const fault = await stageSession(bytes, run)
      if (fault) report(`session ${index}`, fault)
      if (tally.read % 100 === 0) context.progress(`importing ${plural(tally.read, 'session')}`)
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'json') throw error
    tally.read++
    report('', error.message)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parseBytes(bytes: Buffer): { raw: unknown } | { fault: string } {
  try {
    return { raw: parseForeignJson(utf8.decode(bytes)) }
  } catch (error) {
    if (error instanceof Problem) return { fault: error.message }
    if (error instanceof SyntaxError) return { fault: `invalid JSON: ${messageOf(error)}` }
    return { fault: codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'invalid UTF-8' : 'larger than 512 MB' }
  }
}

/** Stages one session. Returns the error message of an invalid or existing session, or undefined. */
async function stageSession(bytes: Buffer, { input, target, newIds, created, tally, context }: Run): Promise<string | undefined> {
  const json = parseBytes(bytes)
  if ('fault' in json) return `: ${json.fault}`
  const now = new Date().toISOString()
  const parsed = parseSession(json.raw, input.merge ? ((await creationOf(json.raw, context, created)) ?? now) : now)
  if ('faults' in parsed) return describe(parsed)
  const { session, messages } = parsed
  if (input.merge && !created.has(session.id)) created.set(session.id, session.created_at)
  if (input.title !== undefined) session.title = input.title
  session.metadata = input.localOnly ? { ...session.metadata, ...LOCAL_ONLY } : withLocalOnly(session.metadata)
  newIds?.rename(session, messages)
  try {
    await target.stage(session, messages)
    if (seemsLocalOnly(session.metadata)) tally.synced.push(session.id)
  } catch (error) {
    if (error instanceof Problem && error.code === 'exists') return `: ${error.message} (${error.hint})`
    throw error
  }
  return undefined
}

/**
 * The creation time of the session to merge with, stored or earlier in the import. Messages without a time got this time when the session
 * was first imported, so the same messages match again.
 */
async function creationOf(raw: unknown, { host }: Context, created: Run['created']): Promise<string | undefined> {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined
  if (typeof id !== 'string' || 'created_at' in (raw as object)) return undefined
  return (await (await host.store()).get(id))?.created_at ?? created.get(id)
}

function describe({ id, faults, more }: InvalidSession): string {
  const texts = faults.map(({ path, message }) => (path ? `${path}: ${message}` : message))
  if (more > 0) texts.push(`and ${more} more`)
  return `${id ? ` (${id})` : ''}: ${texts.join('; ')}`
}
