import {
  type Change,
  type Context,
  defineCommand,
  flag,
  isTooDeep,
  type Json,
  LOCAL_ONLY,
  MAX_DEPTH,
  Problem,
  parseForeignJson,
  plural,
  type Session,
  STATUSES,
  splitTags,
  stringifyJson,
  suggestion,
  Title,
  usage,
} from 'ainative-code'
import * as z from 'zod'
import { syncFault } from './sync-key.ts'
import { capitalize, findFirstTarget } from './targets.ts'

/** The command `session meta`. */
export const meta = defineCommand({
  name: 'session meta',
  summary: 'Show or set metadata',
  group: 'Sessions',
  argvAliases: ['sessions meta'],
  args: ['id', 'key', 'value'],
  input: z.object({
    id: z.string().meta({ complete: 'id' }),
    key: z.string().optional(),
    value: z.string().optional(),
    parse: flag('Parse the value as JSON'),
    unset: z.string().optional().describe('Remove this key').meta({ value: 'key' }),
  }),
  writes: changesMetadata,
  fields: ['ids', 'key', 'value', 'unset'],
  examples: ['ainative-code session meta abc123def456', 'ainative-code session meta abc123def456 project backend-service'],
  async run(input, context) {
    const { ids } = await findFirstTarget(context, 'session meta', [input.id])
    const sessions = await sessionsOf(context, ids)
    if (!changesMetadata(input)) return readMeta(sessions, input.key)
    await (await context.host.store()).save(sessions.map((session) => ({ id: session.id, ...patchOf(session, input) })))
    return { ids, ...(input.unset === undefined ? { key: input.key, value: input.value } : { unset: input.unset }) }
  },
  print: (data) => {
    if (typeof data === 'string') return `${data}\n`
    if (Array.isArray(data)) return data.map(lines).join('\n')
    if ('unset' in data) return `Removed ${data.unset} from ${describe(data.ids)}\n`
    const end = data.key === 'sync' ? `: ${LOCAL_ONLY_NOTE}` : ''
    return `Set ${data.key} of ${describe(data.ids)} to ${data.value}${end}\n`
  },
})

/** True if the command changes metadata, false if it shows metadata. */
function changesMetadata({ value, unset }: { value?: string; unset?: string }): boolean {
  return value !== undefined || unset !== undefined
}

const LOCAL_ONLY_NOTE = 'a sync removes it from the server and from other devices'

const describe = (ids: string[]) => (ids.length === 1 ? ids[0] : plural(ids.length, 'session'))

interface Meta extends Json {
  title: string
  tags: string[]
  status: string
}

/** The metadata with the fields `title`, `tags` and `status`, which replace metadata of the same names (from an import). */
function metaOf({ title, tags, metadata, status }: Session): Meta {
  const { title: _, tags: __, status: ___, ...rest } = metadata
  return { title, tags, ...rest, status }
}

const text = (value: unknown) => (typeof value === 'string' ? value : stringifyJson(value))

function lines({ title, tags, status, ...metadata }: Meta): string {
  const others = Object.entries(metadata).map(([key, value]) => `${capitalize(key)}: ${text(value)}`)
  return `${[`Title: ${title}`, `Tags: ${tags.join(', ')}`, ...others, `Status: ${status}`].join('\n')}\n`
}

async function sessionsOf({ host }: Context, ids: string[]): Promise<Session[]> {
  const store = await host.store()
  const all = await Promise.all(ids.map((id) => store.get(id)))
  return all.filter((session) => session !== undefined)
}

function readMeta(sessions: Session[], key: string | undefined): Meta[] | string {
  const all = sessions.map(metaOf)
  const [first] = all
  if (key === undefined || !first) return all
  if (Object.hasOwn(first, key)) return text(first[key])
  throw usage(`${sessions[0]?.id} has no metadata ${JSON.stringify(key)}`, suggestion(key, Object.keys(first)))
}

type Patch = Omit<Change, 'id'>

function patchOf(
  session: Session,
  { key, value = '', parse, unset }: { key?: string; value?: string; parse: boolean; unset?: string },
): Patch {
  if (unset !== undefined) {
    if (key !== undefined) throw usage('session meta takes a key or --unset, not both')
    if (unset === 'tags') return { removeTags: session.tags }
    if (!Object.hasOwn(session.metadata, unset))
      throw usage(`${session.id} has no metadata ${JSON.stringify(unset)}`, suggestion(unset, Object.keys(session.metadata)))
    return { unsetMeta: [unset] }
  }
  if (!key?.trim()) throw usage('a metadata key cannot be blank')
  const json = parse ? parseValue(value) : value
  const patch = fieldPatch(session, key, json)
  if (patch) return patch
  const setMeta = Object.fromEntries([[key, json]])
  const fault = syncFault(setMeta)
  if (fault) throw usage(fault, `ainative-code session meta ${session.id} sync local-only`)
  return { setMeta }
}

function parseValue(value: string): unknown {
  let json: unknown
  try {
    json = parseForeignJson(value)
  } catch (error) {
    const why = error instanceof Problem ? error.message : 'expected JSON'
    throw usage(`--parse requires a JSON value; ${why}: ${value}`, 'leave out --parse to store the value as text')
  }
  if (isTooDeep(json)) throw usage(`the value is nested more than ${MAX_DEPTH} levels deep`)
  return json
}

/** The change for a key that names a field of the session, such as `title`; undefined for other keys. */
function fieldPatch(session: Session, key: string, value: unknown): Patch | undefined {
  if (key === 'title') {
    if (typeof value !== 'string') throw usage(`title cannot be ${text(value)}`, 'expected a text')
    if (!Title().safeParse(value).success) throw usage('a title cannot be blank')
    return { set: { title: value } }
  }
  if (key === 'tags') {
    const tags = tagsOf(value)
    return { addTags: tags, removeTags: session.tags.filter((tag) => !tags.includes(tag)) }
  }
  if (key === 'status') return { set: { status: oneOf(key, value, STATUSES) } }
  if (key === 'sync') return { setMeta: { sync: oneOf(key, value, [LOCAL_ONLY.sync]) } }
  if (key === 'archived') return { set: { status: oneOf(key, value, ['true', 'false']) === 'true' ? 'archived' : 'active' } }
  return undefined
}

/** The tags in a text with commas, or in an array of --parse. */
function tagsOf(value: unknown): string[] {
  if (typeof value === 'string') return splitTags(value)
  if (Array.isArray(value) && value.every((tag) => typeof tag === 'string' && tag.trim() !== '')) return [...new Set<string>(value)]
  throw usage(`tags cannot be ${text(value)}`, 'expected a list of texts that are not blank')
}

function oneOf<T extends string>(key: string, value: unknown, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text(value))
  if (found) return found
  throw usage(`${key} cannot be ${stringifyJson(value)}`, suggestion(text(value), choices))
}
