import { defineCommand, type Json, localTime, Selection, select, sessionRow, table, toExpr } from 'ainative-code'

export const trash = defineCommand({
  name: 'trash',
  summary: 'List the sessions in the trash, last deleted first',
  writes: false,
  input: Selection,
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['id', 'title', 'status', 'provider', 'model', 'tags', 'metadata', 'message_count', 'created_at', 'updated_at', 'deleted_at'],
  examples: ['ainative-code trash', 'ainative-code trash --older-than 30d', 'ainative-code session restore abc123def456'],
  async run(selection, context): Promise<Json[]> {
    const rows: Json[] = []
    const where = toExpr(selection, 'deleted_at')
    for await (const session of select(context, { where }, selection.where)) rows.push(sessionRow(session))
    rows.sort((a, b) => (String(a.deleted_at) < String(b.deleted_at) ? 1 : -1))
    if (rows.length === 0) context.note('nothing is in the trash, or nothing there matches')
    else context.note('session restore ID brings a session back; session purge removes sessions for good')
    return rows
  },
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'ID', value: (row) => row.id as string },
        { title: 'TITLE', value: (row) => row.title as string, flexible: true },
        { title: 'DELETED', value: (row) => localTime(row.deleted_at as string) },
        { title: 'MESSAGES', value: (row) => row.message_count as number },
      ],
      view,
    ),
})
