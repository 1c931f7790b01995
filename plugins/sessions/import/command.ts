import {
  type Context,
  codeOf,
  defineCommand,
  flag,
  type Import,
  type ImportMode,
  type ImportResult,
  messageOf,
  Problem,
  parseForeignJson,
  Title,
  usage,
} from 'ainative-code'
import * as z from 'zod'
import { plural } from '../targets.ts'
import { type Copies, startCopies } from './copies.ts'
import { type Faulty, parseSession } from './parse.ts'
import { type Source, sourcesOf } from './sources.ts'
import { splitJson } from './split.ts'

const Input = z.object({
  files: z.array(z.string().min(1, 'a file needs a name')).default([]).meta({ value: 'file' }),
  input: z
    .array(z.string().min(1, 'a file needs a name'))
    .default([])
    .describe('A file, or - for standard input')
    .meta({ alias: 'i', value: 'file' }),
  dir: z.string().optional().describe('A folder: its .json and .jsonl files').meta({ value: 'folder' }),
  newId: flag('Give each session a new id; forks follow to the copies'),
  title: Title().optional().describe('Title of the one imported session').meta({ value: 'text' }),
  skipExisting: flag('Leave sessions that are there already as they are'),
  merge: flag('Add the messages that sessions which are there already lack'),
  keepGoing: flag('Import the rest when some sessions are bad'),
  dryRun: flag('Only check'),
})
type Input = z.output<typeof Input>

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
    if (sources.length === 0) throw usage('session import needs a file', 'give -i FILE, -i - for standard input, or --dir FOLDER')
    const store = await context.host.store()
    const target = input.dryRun ? await rehearsal(context, modeOf(input)) : await store.import(modeOf(input))
    const tally: Tally = { read: 0, bad: 0 }
    const copies = input.newId ? startCopies() : undefined
    try {
      for (const source of sources) await readSource(source, { input, target, copies, context, tally })
      if (tally.bad > SHOWN) context.note(`… and ${plural(tally.bad - SHOWN, 'bad session')} more`)
      if (tally.bad > 0 && !input.keepGoing) throw refused(tally)
      const result = { ...(await target.commit(copies?.parents, context)), failed: tally.bad, ...(input.dryRun && { dry_run: true }) }
      context.progress('')
      if (tally.bad > 0) context.fail()
      return result
    } catch (error) {
      context.progress('')
      await target.abort().catch(() => undefined)
      throw error
    }
  },
  print: (result) => {
    const parts = [`${'dry_run' in result ? 'Would import' : 'Imported'} ${plural(result.added)} (${plural(result.messages, 'message')})`]
    if (result.merged > 0) parts.push(`${result.merged} merged`)
    if (result.skipped > 0) parts.push(`${result.skipped} skipped`)
    if (result.failed > 0) parts.push(`${result.failed} bad`)
    return `${parts.join(', ')}\n`
  },
})

interface Tally {
  read: number
  bad: number
}

function refused({ bad, read }: Tally) {
  const hint = read > bad ? '--keep-going imports the others' : undefined
  return new Problem('invalid-import', `nothing was imported: ${bad} of ${plural(read)} ${bad === 1 ? 'is' : 'are'} bad`, { hint })
}

function modeOf({ skipExisting, merge, newId }: Input): ImportMode {
  if (Number(skipExisting) + Number(merge) + Number(newId) > 1) throw usage('--new-id, --skip-existing and --merge exclude each other')
  return merge ? 'merge' : skipExisting ? 'skip' : 'refuse'
}

/** One run of the command. */
interface Run {
  input: Input
  target: Import
  /** Set by --new-id. */
  copies: Copies | undefined
  tally: Tally
  context: Context
}

/** Bad sessions that are told of one by one; the others are counted. */
const SHOWN = 5

async function readSource(source: Source, run: Run): Promise<void> {
  const { input, tally, context } = run
  let index = 0
  const report = (where: string, message: string) => {
    tally.bad++
    if (tally.bad <= SHOWN) context.note(`${source.name}: ${where}${message}`)
  }
  try {
    for await (const bytes of splitJson(source.chunks())) {
      context.signal.throwIfAborted()
      tally.read++
      index++
      if (tally.read > 1 && input.title !== undefined) throw usage('--title is for one session, and there are several')
      const fault = await stageOne(bytes, run)
      if (fault) report(`session ${index}`, fault)
      if (tally.read % 100 === 0) context.progress(`importing ${plural(tally.read)}`)
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
    if (error instanceof SyntaxError) return { fault: `it is not JSON: ${messageOf(error)}` }
    return { fault: codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : 'it is larger than 512 MB' }
  }
}

/** Stages one session, or returns what is wrong with it. */
async function stageOne(bytes: Buffer, { input, target, copies, context }: Run): Promise<string | undefined> {
  const json = parseBytes(bytes)
  if ('fault' in json) return `: ${json.fault}`
  const parsed = parseSession(json.raw, input.merge ? await creationOf(json.raw, context) : new Date().toISOString())
  if ('faults' in parsed) return describe(parsed)
  const { session, messages } = parsed
  if (input.title !== undefined) session.title = input.title
  copies?.rename(session, messages)
  try {
    await target.stage(session, messages)
  } catch (error) {
    if (error instanceof Problem && error.code === 'exists') return `: ${error.message} (${error.hint})`
    throw error
  }
  return undefined
}

/** The time at which the session to merge with was created: its messages without a time got that one, so that they match again. */
async function creationOf(raw: unknown, { host }: Context): Promise<string> {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined
  const there = typeof id === 'string' && !('created_at' in (raw as object)) ? await (await host.store()).get(id) : undefined
  return there?.created_at ?? new Date().toISOString()
}

function describe({ id, faults, more }: Faulty): string {
  const told = faults.map(({ path, message }) => (path ? `${path}: ${message}` : message))
  if (more > 0) told.push(`and ${more} more`)
  return `${id ? ` (${id})` : ''}: ${told.join('; ')}`
}

/** An import that only looks: what would be added, merged or skipped. */
async function rehearsal({ host }: Context, mode: ImportMode): Promise<Import> {
  const store = await host.store()
  const seen = new Set<string>()
  const result: ImportResult = { added: 0, merged: 0, skipped: 0, messages: 0 }
  return {
    async stage(session, messages) {
      const there = seen.has(session.id) || (await store.get(session.id)) !== undefined
      seen.add(session.id)
      if (there && mode === 'refuse')
        throw new Problem('exists', `there is already a session ${session.id}`, { hint: '--new-id, --skip-existing or --merge' })
      result[there ? (mode === 'merge' ? 'merged' : 'skipped') : 'added']++
      if (!there) result.messages += messages.length
    },
    commit: async () => result,
    abort: async () => undefined,
  }
}
