import { defineCommand, type Json, localTime, type Plan, Selection, select, sessionRow, table, toExpr } from 'ainative-code'

export const trash = defineCommand({
  name: 'trash',
  summary: 'List the sessions in the trash, last deleted first',
  group: 'Sessions',
  writes: false,
  input: Selection,
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['id', 'title', 'status', 'provider', 'model', 'tags', 'metadata', 'message_count', 'created_at', 'updated_at', 'deleted_at'],
  examples: ['ainative-code trash', 'ainative-code trash --older-than 30d', 'ainative-code session restore abc123def456'],
  async *run(selection, context): AsyncIterable<Json> {
    const plan: Plan = { where: toExpr(selection, 'deleted_at'), sort: 'deleted' }
    let isEmpty = true
    for await (const session of select(context, plan, selection.where)) {
      isEmpty = false
      yield sessionRow(session)
    }
    context.note(isEmpty ? 'nothing is in the trash, or nothing there matches' : HINT)
  },
  print: (rows, view) =>
    table(
      rows,
      COLUMNS.filter(({ least }) => view.width >= least),
      view,
    ),
})

const HINT = 'session restore ID brings a session back; session purge removes sessions for good'

/** Columns, each with the width of a terminal that has room for it. */
const COLUMNS = [
  { title: 'ID', value: (row: Json) => row.id as string, least: 0 },
  { title: 'TITLE', value: (row: Json) => row.title as string, flexible: true, least: 21 },
  { title: 'DELETED', value: (row: Json) => localTime(row.deleted_at as string), least: 38 },
  { title: 'MESSAGES', value: (row: Json) => row.message_count as number, least: 47 },
]
