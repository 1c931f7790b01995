import {
  type Context,
  collect,
  defineCommand,
  type Format,
  findIds,
  flag,
  hasSelection,
  isStream,
  outputFiles,
  Problem,
  plural,
  Selection,
  type Session,
  type Store,
  select,
  toExpr,
  usage,
} from 'ainative-code'

import * as z from 'zod'
import { type ExportState, exportedMessages, noteHidden } from '../hidden-messages.ts'
import { destinationOf, formatByName } from './destination.ts'
import { createFileNamer } from './file-names.ts'
import { selectReadable, writeReadable } from './readable.ts'

const Input = Selection().extend({
  ids: z.array(z.string()).default([]).meta({ value: 'id' }),
  all: flag('Export all sessions, including archived ones'),
  output: z
    .string()
    .min(1, 'a file needs a name')
    .optional()
    .describe('File, folder/, or - for standard output; {id} and {title} write one file per session')
    .meta({ alias: 'o', value: 'file' }),
  format: z
    .string()
    .optional()
    .describe('Format, such as json, markdown, text or jsonl (default: by the ending of --output, or json)')
    .meta({ value: 'name', complete: 'format' }),
  hidden: flag('Export hidden messages too'),
})

/** The command `session export`. */
export const exportSessions = defineCommand({
  name: 'session export',
  summary: 'Write sessions to a file',
  group: 'Sessions',
  argvAliases: ['sessions export'],
  writes: true,
  fields: ['sessions', 'files'],
  args: ['ids'],
  input: Input,
  examples: ['ainative-code session export abc123def456 -o notes.md', "ainative-code session export --all -o 'backup/{title}-{id}.json'"],
  async run(input, context) {
    const { host } = context
    const format = input.format === undefined ? formatByName(host, input.output) : host.formats().get(input.format)
    const store = await host.store()
    const selection = await selectSessions(context, store, input)
    const destination = destinationOf(input.output, selection.many, format.extension, host.env)
    const run: Run = { store, format, many: selection.many, context, hidden: input.hidden, count: 0, omitted: 0 }
    const readable = () => selectReadable(selection.sessions(), store, context)
    let files: string[] | undefined
    if ('output' in destination) await writeOut(writeDocument(readable(), run), context)
    else if ('file' in destination) files = await writeFile(destination.file, selection.sessions, readable, run)
    else files = await writeFiles(readable(), destination.pattern, run)
    context.progress('')
    if (run.count === 0) context.note('no session matches')
    noteHidden(run.omitted, 'exports', context)
    return files && { sessions: run.count, files }
  },
  print: (data) =>
    data
      ? `Exported ${plural(data.sessions, 'session')} to ${data.files.length === 1 ? data.files[0] : plural(data.files.length, 'file')}\n`
      : '',
})

/**
 * The sessions to write, oldest first, so that an import keeps their order. `many` is true if the file contains an array. Throws a Problem
 * for flags that cannot be combined.
 */
async function selectSessions(
  context: Context,
  store: Store,
  input: z.output<typeof Input>,
): Promise<{ sessions(): AsyncIterable<Session>; many: boolean }> {
  const { ids: words, all } = input
  const hasFlags = hasSelection(input)
  if (words.length > 0 && (hasFlags || all))
    throw usage('session export takes ids or selection flags, not both', `leave out ${JSON.stringify(words[0])}, or the flags`)
  if (hasFlags || all) return { sessions: () => select(context, { where: toExpr(input), reverse: true }, input.where), many: true }
  if (words.length === 0)
    throw usage('session export requires session ids, --all or selection flags', 'ainative-code session export --help')
  const ids = await findIds(context, words)
  return { sessions: () => byIds(store, ids), many: ids.length !== 1 }
}

async function* byIds(store: Store, ids: string[]): AsyncIterable<Session> {
  for (const id of ids) {
    const session = await store.get(id)
    if (session) yield session
  }
}

/** The state of one run of the command. */
interface Run extends ExportState {
  format: Format
  /** True if the sessions share a file. */
  many: boolean
  context: Context
  /** The number of sessions written so far. */
  count: number
}

async function* writeDocument(sessions: AsyncIterable<Session>, run: Run): AsyncIterable<string> {
  const { format, many } = run
  const around = format.many ?? { begin: '', between: '\n', end: '' }
  let isEmpty = true
  if (many) yield around.begin
  for await (const session of sessions) {
    if (!isEmpty) yield around.between
    isEmpty = false
    yield* writeSession(session, run, many)
  }
  if (many) yield isEmpty ? around.end.replace(/^\n/, '') : around.end
}

async function* writeSession(session: Session, run: Run, many: boolean): AsyncIterable<string> {
  const { format, context } = run
  if (++run.count % 100 === 0) context.progress(`exporting ${plural(run.count, 'session')}`)
  if (format.stream) {
    yield* format.stream(session, exportedMessages(session, run), many)
    return
  }
  const text: unknown = await format.write({ ...session, messages: await collect(exportedMessages(session, run)) })
  if (typeof text === 'string') yield text
  else if (isStream(text) || isIterable(text)) yield* text as AsyncIterable<string>
  else throw new Problem('plugin', `the format ${format.name} returned ${typeof text}; expected text`)
}

const isIterable = (value: unknown) => typeof value === 'object' && value !== null && Symbol.iterator in value

/** Writes all sessions to one file, or only the readable sessions if a session is damaged. Returns the name of the file. */
async function writeFile(
  file: string,
  all: () => AsyncIterable<Session>,
  readable: () => AsyncIterable<Session>,
  run: Run,
): Promise<string[]> {
  const { allOrNone } = await outputFiles()
  const write = (sessions: AsyncIterable<Session>) => {
    Object.assign(run, { count: 0, omitted: 0 })
    return allOrNone(run.context.signal, (drafts) => drafts.write(file, writeDocument(sessions, run)))
  }
  await writeReadable(file, write, all, readable)
  return [file]
}

/** Writes one file per session and returns the names of the files. */
async function writeFiles(sessions: AsyncIterable<Session>, pattern: string, run: Run): Promise<string[]> {
  const { allOrNone } = await outputFiles()
  const paths: string[] = []
  const plan = await planFiles(sessions, pattern)
  await allOrNone(run.context.signal, async (drafts) => {
    for (const [id, file] of plan) {
      const session = await run.store.get(id)
      if (!session) continue
      await drafts.write(file, writeSession(session, run, false))
      paths.push(file)
    }
  })
  return paths
}

/** Maps the id of each session to its file, before the first file is written. */
async function planFiles(sessions: AsyncIterable<Session>, pattern: string): Promise<Map<string, string>> {
  const nameOf = createFileNamer(pattern)
  const files = new Map<string, string>()
  for await (const session of sessions) files.set(session.id, nameOf(session))
  return files
}

async function writeOut(text: AsyncIterable<string>, { write, signal }: Context): Promise<void> {
  const { inChunks } = await outputFiles()
  for await (const chunk of inChunks(text)) {
    signal.throwIfAborted()
    await write(chunk)
  }
}
