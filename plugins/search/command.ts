import {
  type Context,
  defineCommand,
  expandHome,
  flag,
  nearest,
  OPTIONAL_ROW_FIELDS,
  once,
  oneLine,
  outputFiles,
  plural,
  ROW_FIELDS,
  resolveSelection,
  Selection,
  stringifyJson,
  usage,
  wholeNumber,
} from 'ainative-code'
import * as z from 'zod'
import { roleOf } from './filters.ts'
import { type FoundRow, foundRows } from './found-rows.ts'
import { foundText } from './found-text.ts'
import { search } from './search.ts'

const Input = once(() =>
  Selection().extend({
    words: z.array(z.string()).default([]).meta({ value: 'words' }),
    role: z.array(z.string()).optional().meta({ description: 'Search only messages with this role', value: 'role' }),
    in: z.enum(['all', 'title', 'content', 'tools']).default('all').meta({ description: 'Text to search', value: 'place' }),
    limit: wholeNumber(1).default(20).meta({ description: 'Maximum number of sessions', alias: 'n', value: 'count' }),
    sort: z.enum(['rank', 'date']).default('rank').meta({ description: 'Sort order: best or newest first', value: 'key' }),
    context: wholeNumber(0).default(0).meta({ description: 'Number of messages to show before and after each match', value: 'count' }),
    export: z
      .string()
      .min(1, 'a file needs a name')
      .optional()
      .meta({ description: 'Write the results to a .json or .jsonl file', value: 'file' }),
    open: flag('Show the best match in its session'),
  }),
)

/** The command `session search`. */
export const searchSessions = defineCommand({
  name: 'session search',
  summary: 'Search the text of sessions',
  group: 'Sessions',
  argvAliases: ['sessions search'],
  writes: false,
  args: ['words'],
  input: Input,
  formats: ['table', 'json', 'jsonl'],
  fields: [...ROW_FIELDS, ...OPTIONAL_ROW_FIELDS, 'hits', 'score', 'close', 'matches'],
  styled: true,
  examples: [
    'ainative-code session search "JWT authentication"',
    'ainative-code session search OAuth --provider anthropic --since 2024-01-01',
    `ainative-code session search '"rate limit" OR throttling -test role:user'`,
  ],
  async run(input, context) {
    if (input.export === '-') throw usage('--export cannot write to standard output', 'use --format json or --format jsonl')
    if (input.export !== undefined && input.open) throw usage('--open and --export cannot be combined')
    const { hits, sessions, difference, notes } = await search(context.host, input.words.join(' '), {
      where: await resolveSelection(context, input),
      roles: input.role?.map(roleOf),
      within: input.in,
      ...{ sort: input.sort, limit: input.open ? 1 : input.limit },
      ...{ signal: context.signal, progress: context.progress },
    })
    if (difference) context.note(`no match for all words; close matches: ${difference}`)
    for (const note of notes) context.note(note)
    if (!input.open && sessions > hits.length) context.note(`${hits.length} of ${plural(sessions, 'session')}; -n COUNT shows more`)
    const rows = await foundRows(await context.host.store(), hits, difference, input.context)
    if (input.open) return open(rows, context)
    if (input.export === undefined) return rows
    await writeRows(rows, input.export, context)
    return { sessions: rows.length, file: input.export }
  },
  print: (data, view) =>
    Array.isArray(data) ? foundText(data, view) : data ? `Wrote ${plural(data.sessions, 'session')} to ${oneLine(data.file)}\n` : '',
})

async function open([best]: FoundRow[], context: Context): Promise<undefined> {
  if (!best) return undefined
  const seq = best.matches.find((match) => match.seq !== null)?.seq
  await context.runLine(['session', 'show', best.id as string, ...(seq ? ['--around', String(seq)] : [])])
  return undefined
}

async function writeRows(rows: FoundRow[], name: string, { host, signal }: Context): Promise<void> {
  const file = expandHome(name, host.env)
  const ending = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase() ?? 'json'
  const write = WRITERS[ending]
  if (!write) throw usage(`--export cannot write .${ending} files, only .json and .jsonl`, suggest(ending))
  const { allOrNone } = await outputFiles()
  await allOrNone(signal, (drafts) => drafts.write(file, write(rows)))
}

function suggest(ending: string): string | undefined {
  const close = nearest(ending, Object.keys(WRITERS))
  return close && `did you mean .${close}?`
}

const WRITERS: Record<string, (rows: FoundRow[]) => AsyncIterable<string>> = {
  async *json(rows) {
    yield `${stringifyJson(rows, 2)}\n`
  },
  async *jsonl(rows) {
    for (const row of rows) yield `${stringifyJson(row)}\n`
  },
}
