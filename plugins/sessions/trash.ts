import { defineCommand, type Json, localTime, type Plan, ROW_FIELDS, Selection, select, sessionRow, table, toExpr } from 'ainative-code'

/** The command `trash`. */
export const trash = defineCommand({
  name: 'trash',
  summary: 'List the sessions in the trash, last deleted first',
  group: 'Sessions',
  writes: false,
  input: Selection,
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: [...ROW_FIELDS, 'deleted_at'],
  examples: ['ainative-code trash', 'ainative-code trash --older-than 30d', 'ainative-code session restore abc123def456'],
  async *run(selection, context): AsyncIterable<Json> {
    const plan: Plan = { where: toExpr(selection, 'deleted_at'), sort: 'deleted' }
    let isEmpty = true
    for await (const session of select(context, plan, selection.where)) {
      isEmpty = false
      yield sessionRow(session)
    }
    context.note(isEmpty ? 'no matching sessions in the trash' : HINT)
  },
  print: (rows, view) =>
    table(
      rows,
      COLUMNS.filter(({ minWidth }) => view.width >= minWidth),
      view,
    ),
})

const HINT = 'session restore ID restores a session; session purge permanently removes sessions'

/** The columns. `minWidth` is the minimum width of the terminal, in columns. */
const COLUMNS = [
  { title: 'ID', value: (row: Json) => row.id as string, minWidth: 0 },
  { title: 'TITLE', value: (row: Json) => row.title as string, flexible: true, minWidth: 21 },
  { title: 'DELETED', value: (row: Json) => localTime(row.deleted_at as string), minWidth: 38 },
  { title: 'MESSAGES', value: (row: Json) => row.message_count as number, minWidth: 47 },
]
