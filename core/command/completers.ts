import fs from 'node:fs'
import path from 'node:path'
import type * as z from 'zod'
import type { Field } from '../contract/field.ts'
import type { Completer, Host } from '../contract/host.ts'
import type { Store, ValueField } from '../contract/store.ts'
import type { Candidate } from '../contract/view.ts'
import { expandHome } from '../files/paths.ts'
import { fieldOf } from './command-fields.ts'
import { LIST_FORMATS } from './projection-flags.ts'

/** The maximum number of values that completion offers. */
export const LIMIT = 1000

/** A field to complete. `names` are the values of a comma-separated list. */
type Completed = Pick<Field, 'complete' | 'choices'> & { names?: string[] }

/** The position of the word to complete: its index in a list, and the earlier words of the command. */
interface WordPosition {
  index: number
  words: readonly string[]
}

/** Returns the values of a field that start with this text. */
export async function valuesOf(host: Host, field: Completed, text: string, place?: WordPosition): Promise<Candidate[]> {
  const { index = 0, words = [] } = place ?? {}
  if (field.names) return afterComma(text, (part) => field.names?.filter((name) => name.startsWith(part)) ?? [])
  if (field.choices) return field.choices.map((value) => ({ value }))
  const kinds = [field.complete ?? []].flat()
  const kind = kinds[Math.min(index, kinds.length - 1)]
  const completer = kind === undefined ? undefined : (KINDS[kind] ?? host.completers().find(kind)?.values)
  const values = (await completer?.(host, text, LIMIT, words)) ?? []
  // A value with control characters cannot be typed on a line.
  return values.filter(({ value }) => value.startsWith(text) && value !== '' && !CONTROL.test(value))
}

/** Returns the values of a schema that start with this text. */
export async function schemaValues(host: Host, schema: z.core.$ZodType, text: string): Promise<Candidate[]> {
  const field = fieldOf('', schema)
  return field.kind === 'switch' ? [{ value: 'true' }, { value: 'false' }] : valuesOf(host, field, text)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters that must not reach a line
const CONTROL = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** The number of recent sessions that an empty word offers. */
const RECENT = 20

/** Completes session ids, titles and variables. */
const ids =
  (trashed: boolean): Completer['values'] =>
  async (host, text, limit) => {
    if (text.startsWith('@')) return [...host.variables.keys()].map((name) => ({ value: `@${name}` }))
    const store = await host.store()
    const found: Candidate[] = []
    if (/^[0-9a-z]+$/.test(text))
      for (const { id, title } of await store.idsWithPrefix(text, trashed, limit)) found.push({ value: id, about: title })
    if (text !== '') return [...found, { value: 'last', about: LAST_ABOUT }, ...(await titlesWith(store, text, trashed, limit))]
    for await (const { id, title } of store.list({ where: { trashed }, limit: RECENT })) found.push({ value: id, about: title })
    return found
  }

const LAST_ABOUT = 'The most recently used session'
/** The maximum length of an offered title. */
const LONGEST_TITLE = 200

/** Returns the titles that contain this text and belong to one session only, so that the title identifies the session. */
async function titlesWith(store: Store, text: string, trashed: boolean, limit: number): Promise<Candidate[]> {
  const found = new Map<string, string | undefined>()
  for await (const { id, title } of store.list({ where: { and: [{ trashed }, { titleHolds: text }] }, limit }))
    if (title.length <= LONGEST_TITLE) found.set(title, found.has(title) ? undefined : id)
  return [...found].flatMap(([value, about]) => (about === undefined ? [] : [{ value, about }]))
}

/** Completes the values of a field in the store. `known` returns further values. */
const stored =
  (field: ValueField, known: (host: Host) => string[] = () => []): Completer['values'] =>
  async (host, text, limit) => {
    const values = await (await host.store()).values(field, text, limit)
    return [...new Set([...known(host), ...values])].map((value) => ({ value }))
  }

/** Completes the last name of a comma-separated list. */
async function afterComma(text: string, namesWith: (part: string) => string[] | Promise<string[]>): Promise<Candidate[]> {
  const start = text.slice(0, text.lastIndexOf(',') + 1)
  return (await namesWith(text.slice(start.length))).map((name) => ({ value: start + name }))
}

const tagList: Completer['values'] = (host, text, limit) =>
  afterComma(text, async (part) => (await host.store()).values('tag', part, limit))

/** Completes paths. */
const files =
  (foldersOnly: boolean): Completer['values'] =>
  (host, text) => {
    const folder = text.slice(0, text.lastIndexOf('/') + 1)
    const name = text.slice(folder.length)
    const entries = fs.readdirSync(path.resolve(expandHome(folder || '.', host.env)), { withFileTypes: true })
    return entries.flatMap((entry): Candidate[] => {
      if (!entry.name.startsWith(name) || (entry.name.startsWith('.') && !name)) return []
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && isFolderAt(path.join(entry.parentPath, entry.name)))
      if (isFolder) return [{ value: `${folder}${entry.name}/`, open: true }]
      return foldersOnly ? [] : [{ value: folder + entry.name }]
    })
  }

const isFolderAt = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false

const names = (registry: { all(): { name: string }[] }) => registry.all().map(({ name }) => name)

/** The built-in completers; plugins add others through the hook `completers`. */
const KINDS: Record<string, Completer['values']> = {
  id: ids(false),
  trashed: ids(true),
  tag: stored('tag'),
  tags: tagList,
  project: stored('project'),
  provider: stored('provider', (host) => names(host.providers())),
  model: stored('model', (host) =>
    host
      .providers()
      .all()
      .flatMap(({ models }) => models ?? []),
  ),
  format: (host) => names(host.formats()).map((value) => ({ value })),
  listFormat: () => LIST_FORMATS.map((value) => ({ value })),
  timeZone: () => Intl.supportedValuesOf('timeZone').map((value) => ({ value })),
  file: files(false),
  folder: files(true),
}
