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
  Selection,
  type Session,
  type Store,
  select,
  toExpr,
  usage,
} from 'ainative-code'

import * as z from 'zod'
import { type Exported, exportedMessages, noteHidden } from '../hidden.ts'
import { plural } from '../targets.ts'
import { startNames } from './names.ts'
import { formatByName, placeOf } from './place.ts'
import { readableOnly, writeReadable } from './readable.ts'

const Input = Selection().extend({
  ids: z.array(z.string()).default([]).meta({ value: 'id' }),
  all: flag('All sessions, archived ones too'),
  output: z
    .string()
    .min(1, 'a file needs a name')
    .optional()
    .describe('A file, a folder/, or - for standard output; {id} and {title} make a file each')
    .meta({ alias: 'o', value: 'file' }),
  format: z
    .string()
    .optional()
    .describe('Any registered format: json, markdown, text, jsonl, … (default: by the ending of --output, else json)')
    .meta({ value: 'name', complete: 'format' }),
  hidden: flag('Export hidden messages too'),
})

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
    const chosen = await chooseSessions(context, store, input)
    const place = placeOf(input.output, chosen.many, format.extension, host.env)
    const run: Run = { store, format, many: chosen.many, context, hidden: input.hidden, count: 0, left: 0 }
    const readable = () => readableOnly(chosen.sessions(), store, context)
    let files: string[] | undefined
    if ('output' in place) await writeOut(document(readable(), run), context)
    else if ('file' in place) files = await writeFile(place.file, chosen.sessions, readable, run)
    else files = await writeFiles(readable(), place.pattern, run)
    context.progress('')
    if (run.count === 0) context.note('no session matches')
    noteHidden(run.left, 'exports', context)
    return files && { sessions: run.count, files }
  },
  print: (data) =>
    data ? `Exported ${plural(data.sessions)} to ${data.files.length === 1 ? data.files[0] : plural(data.files.length, 'file')}\n` : '',
})

/** The sessions to write, oldest first so that an import keeps their order, and whether the file holds an array. */
async function chooseSessions(
  context: Context,
  store: Store,
  input: z.output<typeof Input>,
): Promise<{ sessions(): AsyncIterable<Session>; many: boolean }> {
  const { ids: words, all } = input
  const selected = hasSelection(input)
  if (words.length > 0 && (selected || all))
    throw usage('session export takes ids or selection flags, not both', `leave out ${JSON.stringify(words[0])}, or the flags`)
  if (selected || all) return { sessions: () => select(context, { where: toExpr(input), reverse: true }, input.where), many: true }
  if (words.length === 0)
    throw usage('session export needs session ids, --all or flags that select sessions', 'ainative-code session export --help')
  const ids = await findIds(context, words)
  return { sessions: () => byIds(store, ids), many: ids.length !== 1 }
}

async function* byIds(store: Store, ids: string[]): AsyncIterable<Session> {
  for (const id of ids) {
    const session = await store.get(id)
    if (session) yield session
  }
}

/** One run of the command. */
interface Run extends Exported {
  format: Format
  /** True if the sessions share a file. */
  many: boolean
  context: Context
  /** The sessions written so far. */
  count: number
}

async function* document(sessions: AsyncIterable<Session>, run: Run): AsyncIterable<string> {
  const { format, many } = run
  const around = format.many ?? { begin: '', between: '\n', end: '' }
  let some = false
  if (many) yield around.begin
  for await (const session of sessions) {
    if (some) yield around.between
    some = true
    yield* written(session, run, many)
  }
  if (many) yield some ? around.end : around.end.replace(/^\n/, '')
}

async function* written(session: Session, run: Run, many: boolean): AsyncIterable<string> {
  const { format, context } = run
  if (++run.count % 100 === 0) context.progress(`exporting ${plural(run.count)}`)
  if (format.stream) {
    yield* format.stream(session, exportedMessages(session, run), many)
    return
  }
  const text: unknown = await format.write({ ...session, messages: await collect(exportedMessages(session, run)) })
  if (typeof text === 'string') yield text
  else if (isStream(text) || isIterable(text)) yield* text as AsyncIterable<string>
  else throw new Problem('plugin', `the format ${format.name} gives ${typeof text} and no text`)
}

const isIterable = (value: unknown) => typeof value === 'object' && value !== null && Symbol.iterator in value

/** Writes one file with all sessions, or with the readable ones if one of them is damaged. */
async function writeFile(
  file: string,
  all: () => AsyncIterable<Session>,
  readable: () => AsyncIterable<Session>,
  run: Run,
): Promise<string[]> {
  const { allOrNone } = await outputFiles()
  const write = (sessions: AsyncIterable<Session>) => {
    Object.assign(run, { count: 0, left: 0 })
    return allOrNone(run.context.signal, (drafts) => drafts.write(file, document(sessions, run)))
  }
  await writeReadable(file, write, all, readable)
  return [file]
}

/** Writes a file for each session; returns their names. */
async function writeFiles(sessions: AsyncIterable<Session>, pattern: string, run: Run): Promise<string[]> {
  const { allOrNone } = await outputFiles()
  const paths: string[] = []
  const planned = await planFiles(sessions, pattern)
  await allOrNone(run.context.signal, async (drafts) => {
    for (const [id, file] of planned) {
      const session = await run.store.get(id)
      if (!session) continue
      await drafts.write(file, written(session, run, false))
      paths.push(file)
    }
  })
  return paths
}

/** The file of each session by its id, so that all names are known before the first is written. */
async function planFiles(sessions: AsyncIterable<Session>, pattern: string): Promise<Map<string, string>> {
  const nameOf = startNames(pattern)
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
