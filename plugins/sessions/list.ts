import {
  type Column,
  type Context,
  defineCommand,
  type Expr,
  flag,
  type Json,
  localTime,
  nonBlank,
  OPTIONAL_ROW_FIELDS,
  once,
  type Plan,
  ROW_FIELDS,
  Selection,
  SORT_KEYS,
  select,
  sessionRow,
  table,
  toExpr,
  usage,
  type View,
  wholeNumber,
} from 'ainative-code'
import * as z from 'zod'
import type { SharedRow } from './hooks.ts'
import { selectPinnedFirst } from './pinned.ts'

/** Converts a sort key of the command line; `created` is another name for `date`. */
const sortOf = (key: (typeof SORT_KEYS)[number] = 'date') => (key === 'created' ? 'date' : key)

const Input = once(() =>
  Selection().extend({
    all: flag('List all sessions, including archived ones').meta({ alias: 'a' }),
    limit: wholeNumber(1).optional().meta({ description: 'Maximum number of sessions (default: 10)', alias: 'n', value: 'count' }),
    sort: z.enum(SORT_KEYS).optional().meta({ description: 'Sort order (default: date)', value: 'key' }),
    reverse: flag('Reverse the order'),
    shared: flag('List the sessions that are shared with your teams'),
    team: nonBlank().optional().meta({ description: 'With --shared: only those of this team', value: 'name' }),
  }),
)

/** The command `session list`. */
export const list = defineCommand({
  name: 'session list',
  summary: 'List sessions, newest first',
  group: 'Sessions',
  aliases: ['session ls', 'ls'],
  argvAliases: ['sessions list', 'sessions ls'],
  writes: false,
  input: Input,
  formats: ['table', 'json', 'jsonl', 'csv'],
  styled: true,
  columns: ROW_FIELDS,
  fields: [...OPTIONAL_ROW_FIELDS, 'owner', 'team', 'shared_at', 'expires_at'],
  examples: [
    'ainative-code session list --tag go --project backend-service',
    'ainative-code session list --all --format json | jq length',
    'ainative-code session list --shared',
  ],
  async run(input, context): Promise<ListData> {
    const { defaults } = context.host.config
    const limit = input.limit ?? (input.all ? undefined : (defaults.limit ?? 10))
    if (input.shared) return (await import('./list-shared.ts')).listShared(input, sortOf(input.sort), limit, context)
    if (input.team !== undefined) throw usage('--team requires --shared')
    const where: Expr = {
      and: [toExpr(input), ...(input.all || input.status ? [] : [{ not: { field: 'status', is: 'archived' } } satisfies Expr])],
    }
    const plan: Plan = { where, sort: sortOf(input.sort ?? defaults.sort), reverse: input.reverse, limit }
    const time = plan.sort === 'updated' ? 'updated_at' : 'created_at'
    return { rows: rows(context, plan, input.where, input.sort === undefined && !input.reverse), time }
  },
  async print(data, view) {
    if ('shared' in data) return (await import('./list-shared.ts')).sharedTable(data.rows, view)
    return table(data.rows, columnsFor(view, data.time), view)
  },
})

/** The rows of sessions of the store, with the time to show; or those of shared sessions. */
type ListData = { rows: AsyncIterable<Row>; time: string } | { rows: AsyncIterable<SharedRow>; columns: string[]; shared: true }

/** The columns of the table. A terminal also shows the tags, and drops columns if it is narrow. */
function columnsFor({ interactive }: View, time: string): Column<Row>[] {
  const tags: Column<Row> = { title: 'TAGS', value: tagsOf, style: () => 'cyan', drop: 1, sparse: true }
  return [
    { title: 'ID', value: (row) => row.id as string, style: () => 'dim' },
    { title: 'TITLE', value: titleOf, style: (row) => (isActive(row) ? 'green' : undefined), flexible: true },
    ...(interactive ? [tags] : []),
    { title: time === 'updated_at' ? 'UPDATED' : 'CREATED', value: (row) => localTime(row[time] as string), drop: 2 },
    { title: 'MESSAGES', value: (row) => row.message_count as number, drop: 3 },
  ]
}

/** The key that marks the row of the active session on a terminal. A symbol, because JSON omits symbols. */
const ACTIVE = Symbol('active')

interface Row extends Json {
  [ACTIVE]?: boolean
}

const isActive = (row: Row) => row[ACTIVE] === true

const isPinned = ({ metadata }: Json) => (metadata as Json).pinned === true

const titleOf = (row: Row) => `${isActive(row) ? '> ' : ''}${isPinned(row) ? '* ' : ''}${row.title}`

const MAX_TAGS = 3
/** The maximum length of a shown tag, in characters. */
const MAX_TAG_LENGTH = 20

/** Joins the first tags of a session, and cuts long tags. */
function tagsOf({ tags }: Json): string {
  const first = (tags as string[]).slice(0, MAX_TAGS).map((tag) => (tag.length > MAX_TAG_LENGTH ? `${tag.slice(0, MAX_TAG_LENGTH)}…` : tag))
  return [...first, ...((tags as string[]).length > MAX_TAGS ? ['…'] : [])].join(', ')
}

/** The id of the active session, which `chat` continues. */
async function activeId({ host }: Context): Promise<string | undefined> {
  for await (const { id } of (await host.store()).list({ where: { trashed: false }, sort: 'activated', limit: 1 })) return id
  return undefined
}

async function* rows(context: Context, plan: Plan, where: string | undefined, pinnedFirst: boolean): AsyncIterable<Row> {
  let count = 0
  const { limit } = plan
  const active = context.interactive && context.format === 'table' ? await activeId(context) : undefined
  const more = limit === undefined || where === undefined ? plan : { ...plan, limit: limit + 1 }
  for await (const session of pinnedFirst ? selectPinnedFirst(context, more, where) : select(context, more, where)) {
    if (count === limit) return context.note(`${count} shown; --all shows all`)
    count++
    const row: Row = sessionRow(session)
    if (session.id === active) row[ACTIVE] = true
    yield row
  }
  if (count === 0) return context.note('no session matches')
  if (count !== limit || where !== undefined) return
  const total = await (await context.host.store()).count(plan.where)
  if (total > count) context.note(`${count} of ${total}; --all shows all`)
}
