import {
  type Change,
  ExactNumber,
  isTooDeep,
  type Json,
  MAX_DEPTH,
  messageOf,
  nearest,
  Problem,
  parseJson,
  type Session,
  splitTags,
  stringifyJson,
  Title,
} from 'ainative-code'
import type { ScalarTag, Tags } from 'yaml'
import { syncFault } from './sync-key.ts'

/** The fields of a session that the editor shows. */
interface Editable {
  title: string
  tags: string[]
  metadata: Json
}

const KEYS = ['title', 'tags', 'metadata'] as const

/** Matches a text that needs no JSON quotes; the YAML library adds quotes if YAML requires them. */
const PRINTABLE = /^[\x20-\x7e\u00a0-\u2027\u2030-\u2065\u2070-\ud7ff\uf900-\ufffd]*$/

/** A number in the form of JSON, which keeps its text: 1.10, 1e999. The YAML library would round the number. */
const JSON_NUMBER: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/,
  resolve: parseJson,
  identify: (value) => value instanceof ExactNumber,
  stringify: ({ value }) => String(value),
}

/** `intAsBigInt` keeps the digits of other forms, such as 0xffffffffffffffff. */
const OPTIONS = { intAsBigInt: true, prettyErrors: true, customTags: (tags: Tags): Tags => [JSON_NUMBER, ...tags] }

/** Converts a session to YAML for the editor. */
export async function toYaml({ id, title, tags, metadata }: Session): Promise<string> {
  const { default: yaml } = await import('yaml')
  // JSON is valid YAML, and preserves all digits of numbers.
  const document = yaml.parseDocument(stringifyJson({ title, tags, metadata }) ?? '', OPTIONS)
  yaml.visit(document, {
    Collection: (_, node) => {
      node.flow = node.items.length === 0
    },
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && PRINTABLE.test(node.value)) node.type = undefined
    },
  })
  document.commentBefore = ` Session ${id}. Save an empty file to change nothing.`
  return document.toString({ lineWidth: 0 })
}

/** The change between two texts of a session, or undefined if nothing changes. Throws a Problem for an invalid text. */
export async function changeOf(session: Session, before: string, after: string): Promise<Omit<Change, 'id'> | undefined> {
  const next = await read(after, session.tags)
  if (next === undefined) return undefined
  const last = { title: session.title, tags: session.tags, metadata: {}, ...(await read(before, session.tags)) }
  const change: Omit<Change, 'id'> = {}
  const { title = last.title, tags = last.tags, metadata = last.metadata } = next
  if (title !== last.title) change.set = { title }
  const added = tags.filter((tag) => !last.tags.includes(tag))
  const removed = last.tags.filter((tag) => !tags.includes(tag))
  if (added.length > 0) change.addTags = added
  if (removed.length > 0) change.removeTags = removed
  const isSame = (key: string) => Object.hasOwn(last.metadata, key) && stringifyJson(last.metadata[key]) === stringifyJson(metadata[key])
  const set = Object.keys(metadata).filter((key) => !isSame(key))
  const unset = Object.keys(last.metadata).filter((key) => !Object.hasOwn(metadata, key))
  if (set.length > 0) change.setMeta = Object.fromEntries(set.map((key) => [key, metadata[key]]))
  const fault = change.setMeta && syncFault(change.setMeta)
  if (fault) throw invalid(`metadata: ${fault}`)
  if (unset.length > 0) change.unsetMeta = unset
  return Object.keys(change).length > 0 ? change : undefined
}

/** Parses an edited text; returns undefined for an empty text. `ownTags` are the tags of the session. */
async function read(text: string, ownTags: readonly string[]): Promise<Partial<Editable> | undefined> {
  const { default: yaml } = await import('yaml')
  const document = yaml.parseDocument(text, OPTIONS)
  const [error] = document.errors
  if (error) throw invalid((error.message.split('\n')[0] ?? '').replace(/:$/, ''))
  yaml.visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' && node.value instanceof ExactNumber) node.value = node.value.text
    },
  })
  const value = plain(toJs(document))
  if (value === null || value === undefined) return undefined
  if (!isMapping(value)) throw invalid(`expected ${KEYS.join(', ')}`)
  return checkFields(value, ownTags)
}

function toJs(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw invalid(messageOf(error))
  }
}

const invalid = (message: string) =>
  new Problem('edit', `invalid session in YAML: ${/call stack/.test(message) ? 'nested too deep' : message}`)

const isMapping = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)

function checkFields(value: Json, ownTags: readonly string[]): Partial<Editable> {
  const unknown = Object.keys(value).find((key) => !(KEYS as readonly string[]).includes(key))
  if (unknown !== undefined) {
    const close = nearest(unknown, KEYS)
    throw invalid(`unknown key ${JSON.stringify(unknown)}${close ? `; did you mean ${close}?` : `, expected ${KEYS.join(', ')}`}`)
  }
  return {
    ...('title' in value && { title: titleOf(value.title) }),
    ...('tags' in value && { tags: tagsOf(value.tags, ownTags) }),
    ...('metadata' in value && { metadata: metadataOf(value.metadata) }),
  }
}

function titleOf(value: unknown): string {
  if (typeof value !== 'string') throw invalid('title: expected a text; put a number in quotes')
  if (!Title().safeParse(value).success) throw invalid('title: a title cannot be blank')
  return value
}

function tagsOf(value: unknown, own: readonly string[]): string[] {
  if (value === null) return []
  if (typeof value === 'string') return splitTags(value)
  // An import may have stored blank tags.
  const isTag = (tag: unknown) => typeof tag === 'string' && (tag.trim() !== '' || own.includes(tag))
  if (!Array.isArray(value) || !value.every(isTag))
    throw invalid('tags: expected a list of texts that are not blank; put a number in quotes')
  return [...new Set(value as string[])]
}

function metadataOf(metadata: unknown): Json {
  if (metadata === null) return {}
  if (!isMapping(metadata)) throw invalid('metadata: expected keys and values')
  if (Object.hasOwn(metadata, 'tags')) throw invalid('metadata: the key tags belongs beside metadata, not in it')
  if (Object.hasOwn(metadata, '')) throw invalid('metadata: a key cannot be blank')
  if (isTooDeep(metadata)) throw invalid(`metadata: nested more than ${MAX_DEPTH} levels deep`)
  return metadata
}

/** Converts YAML values to JSON values: large integers keep their digits, and keys become texts. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : new ExactNumber(String(value))
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalid('a number is too large')
  if (Array.isArray(value)) return value.map(plain)
  if (!isMapping(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
}
