import {
  type Context,
  collect,
  defineCommand,
  type Format,
  findIds,
  flag,
  hasSelection,
  Problem,
  Selection,
  type Session,
  type Store,
  select,
  toExpr,
  usage,
} from 'ainative-code'
import * as z from 'zod'
import { plural } from '../targets.ts'
import { inChunks, writeWhole } from './file.ts'
import { placeOf } from './place.ts'

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
    .default('json')
    .describe('Any registered format: json, markdown, text, jsonl, …')
    .meta({ value: 'name', complete: 'format' }),
})

export const exportSessions = defineCommand({
  name: 'session export',
  summary: 'Write sessions to a file',
  writes: true,
  args: ['ids'],
  input: Input,
  examples: [
    'ainative-code session export abc123def456 -o session.md --format markdown',
    "ainative-code session export --all -o 'backup/{title}-{id}.json'",
  ],
  async run(input, context) {
    const { host } = context
    const format = host.formats().get(input.format)
    const store = await host.store()
    const chosen = await chooseSessions(context, store, input)
    const place = placeOf(input.output, chosen.many, format.extension, host.env)
    const written = { sessions: 0, files: [] as string[] }
    const counted = count(chosen.sessions, written, context)
    if ('each' in place) await writeEach(counted, place.each, store, format, written, context)
    else if (place.all === '-') await writeOut(document(counted, store, format, chosen.many), context)
    else {
      await writeWhole(place.all, document(counted, store, format, chosen.many), context.signal)
      written.files.push(place.all)
    }
    context.progress('')
    if (written.sessions === 0) context.note('no session matches')
    return place && 'all' in place && place.all === '-' ? undefined : written
  },
  print: (data) =>
    data ? `Exported ${plural(data.sessions)} to ${data.files.length === 1 ? data.files[0] : plural(data.files.length, 'file')}\n` : '',
})

/** The sessions to write, oldest first so that an import keeps their order, and whether the file holds an array. */
async function chooseSessions(
  context: Context,
  store: Store,
  input: z.output<typeof Input>,
): Promise<{ sessions: AsyncIterable<Session>; many: boolean }> {
  const { ids: words, all } = input
  const selected = hasSelection(input)
  if (words.length > 0 && (selected || all))
    throw usage('session export takes ids or selection flags, not both', `leave out ${JSON.stringify(words[0])}, or the flags`)
  if (selected || all) return { sessions: select(context, { where: toExpr(input), reverse: true }, input.where), many: true }
  if (words.length === 0)
    throw usage('session export needs session ids, --all or flags that select sessions', 'ainative-code session export --help')
  const ids = await findIds(context, words)
  return { sessions: byIds(store, ids), many: ids.length !== 1 }
}

async function* byIds(store: Store, ids: string[]): AsyncIterable<Session> {
  for (const id of ids) {
    const session = await store.get(id)
    if (session) yield session
  }
}

async function* count(sessions: AsyncIterable<Session>, written: { sessions: number }, { progress }: Context): AsyncIterable<Session> {
  for await (const session of sessions) {
    written.sessions++
    if (written.sessions % 100 === 0) progress(`exporting ${plural(written.sessions)}`)
    yield session
  }
}

async function* document(sessions: AsyncIterable<Session>, store: Store, format: Format, many: boolean): AsyncIterable<string> {
  const around = format.many ?? { begin: '', between: '\n', end: '' }
  let some = false
  if (many) yield around.begin
  for await (const session of sessions) {
    if (some) yield around.between
    some = true
    yield* written(session, store, format, many)
  }
  if (many) yield some ? around.end : around.end.replace(/^\n/, '')
}

async function* written(session: Session, store: Store, format: Format, many: boolean): AsyncIterable<string> {
  if (format.stream) {
    yield* format.stream(session, store.messages(session), many)
    return
  }
  const text: unknown = await format.write({ ...session, messages: await collect(store.messages(session)) })
  if (typeof text === 'string') yield text
  else if (isStream(text)) yield* text
  else throw new Problem('format', `the format ${format.name} gives ${typeof text} and no text`)
}

const isStream = (value: unknown): value is AsyncIterable<string> =>
  typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)

async function writeEach(
  sessions: AsyncIterable<Session>,
  fileOf: (session: Session) => string,
  store: Store,
  format: Format,
  done: { files: string[] },
  { signal }: Context,
) {
  const names = new Set<string>()
  for await (const session of sessions) {
    const file = fileOf(session)
    if (names.has(file)) throw new Problem('same-file', `two sessions would be written to ${file}`, { hint: 'put {id} into the name' })
    names.add(file)
    await writeWhole(file, written(session, store, format, false), signal)
    done.files.push(file)
  }
}

async function writeOut(text: AsyncIterable<string>, { write, signal }: Context): Promise<void> {
  for await (const chunk of inChunks(text)) {
    signal.throwIfAborted()
    await write(chunk)
  }
}
