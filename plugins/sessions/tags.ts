import { type Context, defineCommand, type Expr, Selection, select, table, toExpr } from 'ainative-code'

interface Row {
  tag: string
  sessions: number
}

/** The command `session tags`. */
export const tags = defineCommand({
  name: 'session tags',
  summary: 'List all tags, most used first',
  group: 'Sessions',
  argvAliases: ['sessions tags'],
  writes: false,
  input: Selection,
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['tag', 'sessions'],
  examples: ['ainative-code session tags', 'ainative-code session tags --project backend-service --format json'],
  async run(selection, context): Promise<Row[]> {
    const counts = await countsOf(context, toExpr(selection), selection.where)
    if (counts.size === 0) context.note('no matching session has tags')
    return [...counts].map(([tag, sessions]) => ({ tag, sessions })).sort((a, b) => b.sessions - a.sessions || (a.tag < b.tag ? -1 : 1))
  },
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'TAG', value: ({ tag }) => tag, flexible: true },
        { title: 'SESSIONS', value: ({ sessions }) => sessions },
      ],
      view,
    ),
})

/** Counts the sessions of each tag. Without a predicate, which has to test each session, the store counts. */
async function countsOf(context: Context, where: Expr, predicate: string | undefined): Promise<Map<string, number>> {
  const store = await context.host.store()
  const counts = new Map<string, number>()
  if (predicate === undefined && store.aggregate) {
    const query = { from: 'sessions' as const, where, group: ['tag' as const], aggregates: { sessions: { count: 'rows' as const } } }
    const [rows = []] = await store.aggregate([query], context.signal)
    for (const { tag, sessions } of rows) if (tag !== null) counts.set(String(tag), Number(sessions))
  } else
    for await (const session of select(context, { where }, predicate))
      for (const tag of session.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return counts
}
