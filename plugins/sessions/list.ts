import {
  type Context,
  defineCommand,
  type Expr,
  flag,
  type Json,
  localTime,
  once,
  type Plan,
  Selection,
  SORT_KEYS,
  select,
  sessionRow,
  table,
  toExpr,
  wholeNumber,
} from 'ainative-code'
import * as z from 'zod'
import { selectPinnedFirst } from './pinned.ts'

/** `created` is a second name of `date`. */
const sortOf = (key: (typeof SORT_KEYS)[number] = 'date') => (key === 'created' ? 'date' : key)

const Input = once(() =>
  Selection().extend({
    all: flag('All of them, archived ones too').meta({ alias: 'a' }),
    limit: wholeNumber(1).optional().meta({ description: 'At most this many (default: 10)', alias: 'n', value: 'count' }),
    sort: z
      .enum(SORT_KEYS)
      .optional()
      .meta({ description: 'Newest, A to Z, most messages, or last updated first; created is date (default: date)', value: 'key' }),
    reverse: flag('The other way round'),
  }),
)

export const list = defineCommand({
  name: 'session list',
  summary: 'List sessions, newest first',
  writes: false,
  input: Input,
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['id', 'title', 'status', 'provider', 'model', 'tags', 'metadata', 'message_count', 'created_at', 'updated_at'],
  fields: ['activated_at', 'deleted_at', 'parent_id', 'forked_message_id', 'origin'],
  examples: ['ainative-code session list --tag go --project backend-service', 'ainative-code session list --all --format json | jq length'],
  run: (input, context) => {
    const { defaults } = context.host.config
    const limit = input.limit ?? (input.all ? undefined : (defaults.limit ?? 10))
    const where: Expr = {
      and: [toExpr(input), ...(input.all || input.status ? [] : [{ not: { field: 'status', is: 'archived' } } satisfies Expr])],
    }
    const plan: Plan = { where, sort: sortOf(input.sort ?? defaults.sort), reverse: input.reverse, limit }
    return rows(context, plan, input.where, input.sort === undefined && !input.reverse)
  },
  print: (sessions, view) =>
    table(
      sessions,
      [
        { title: 'ID', value: (row) => row.id as string },
        { title: 'TITLE', value: (row) => (isPinned(row) ? `* ${row.title}` : (row.title as string)), flexible: true },
        { title: 'CREATED', value: (row) => localTime(row.created_at as string) },
        { title: 'MESSAGES', value: (row) => row.message_count as number },
      ],
      view,
    ),
})

const isPinned = ({ metadata }: Json) => (metadata as Json).pinned === true

async function* rows(context: Context, plan: Plan, where: string | undefined, pinnedFirst: boolean): AsyncIterable<Json> {
  let shown = 0
  const { limit } = plan
  const more = limit === undefined || where === undefined ? plan : { ...plan, limit: limit + 1 }
  for await (const session of pinnedFirst ? selectPinnedFirst(context, more, where) : select(context, more, where)) {
    if (shown === limit) return context.note(`${shown} shown; --all shows all`)
    shown++
    yield sessionRow(session)
  }
  if (shown === 0) return context.note('no session matches')
  if (shown !== limit || where !== undefined) return
  const total = await (await context.host.store()).count(plan.where)
  if (total > shown) context.note(`${shown} of ${total}; --all shows all`)
}
