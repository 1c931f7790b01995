import {
  defineCommand,
  flag,
  isoTime,
  isTooDeep,
  type Json,
  LOCAL_ONLY,
  MAX_DEPTH,
  type NewSession,
  newSessionId,
  Problem,
  parseForeignJson,
  sessionRow,
  splitTags,
  stringifyJson,
  Title,
  usage,
} from 'ainative-code'
import * as z from 'zod'
import { syncFault } from './sync-key.ts'
import { capitalize } from './targets.ts'

const Metadata = z.string().transform((text, context): Json => {
  let message = 'expected a JSON object such as {"project":"myapp"}'
  try {
    const value: unknown = parseForeignJson(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return checkMetadata(value as Json, context)
  } catch (error) {
    if (error instanceof Problem) message = error.message
  }
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** Checks the depth of the metadata and its key `tags`, which becomes the tags of the session. */
function checkMetadata(metadata: Json, context: z.RefinementCtx): Json {
  const { tags } = metadata
  if (isTooDeep(metadata)) {
    context.addIssue({ code: 'custom', message: `nested more than ${MAX_DEPTH} levels deep` })
    return z.NEVER
  }
  if (tags === undefined || (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && tag.trim() !== ''))) return metadata
  context.addIssue({ code: 'custom', message: 'tags: expected an array of texts that are not blank' })
  return z.NEVER
}

/** The command `session create`. */
export const create = defineCommand({
  name: 'session create',
  summary: 'Create a session',
  group: 'Sessions',
  argvAliases: ['sessions create'],
  writes: true,
  input: z.object({
    title: Title().describe('Title').meta({ value: 'text' }),
    tags: z.string().optional().describe('Tags, separated by commas').meta({ value: 'a,b', complete: 'tags' }),
    provider: z.string().optional().describe('Provider of the chat').meta({ value: 'name', complete: 'provider' }),
    model: z.string().optional().describe('Model of the chat').meta({ value: 'name', complete: 'model' }),
    metadata: Metadata.optional().describe('Metadata as a JSON object').meta({ value: 'json' }),
    localOnly: flag('Keep the session on this device: sync leaves it out'),
    activate: z.boolean().default(true).describe('Do not make the session active'),
  }),
  fields: [
    ...['id', 'title', 'status', 'provider', 'model', 'tags', 'metadata', 'message_count'],
    ...['created_at', 'updated_at', 'activated_at'],
  ],
  examples: ['ainative-code session create --title "API Development" --tags "golang,api,rest"'],
  async run(input, { host }) {
    const provider = input.provider === undefined ? null : host.providers().get(input.provider).name
    const { tags, ...metadata } = input.metadata ?? {}
    const fault = syncFault(metadata)
    if (fault) throw usage(`--metadata: ${fault}`, '--local-only keeps the session on this device')
    const { defaults } = host.config
    if (defaults.project !== undefined) metadata.project ??= defaults.project
    if (input.localOnly) Object.assign(metadata, LOCAL_ONLY)
    const tagsOfInput = input.tags === undefined && tags === undefined ? (defaults.tags ?? []) : splitTags(input.tags ?? '')
    const now = isoTime(Date.now())
    const session: NewSession = {
      id: newSessionId(),
      title: input.title,
      status: 'active',
      provider,
      model: input.model ?? null,
      tags: [...new Set([...tagsOfInput, ...((tags as string[] | undefined) ?? [])])],
      metadata,
      created_at: now,
      updated_at: now,
      ...(input.activate && { activated_at: now }),
    }
    await (await host.store()).save([{ id: session.id, create: session }])
    return sessionRow({ ...session, message_count: 0 }) as Json & { activated_at?: string }
  },
  print: (row) => {
    const lines = [`Created session ${row.id}`, `Title: ${row.title}`, `Tags: ${(row.tags as string[]).join(', ')}`]
    if (row.provider) lines.push(`Provider: ${row.provider}`)
    if (row.model) lines.push(`Model: ${row.model}`)
    for (const [key, value] of Object.entries(row.metadata as Json))
      lines.push(`${capitalize(key)}: ${typeof value === 'string' ? value : stringifyJson(value)}`)
    lines.push(`Status: ${row.status}`)
    if (row.activated_at) lines.push('It is now the active session.')
    return `${lines.join('\n')}\n`
  },
})
