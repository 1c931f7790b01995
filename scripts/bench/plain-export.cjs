// Writes all sessions in the form of `session export --all`: node plain-export.cjs DATABASE FILE
const fs = require('node:fs')
const Database = require(process.env.SQLITE_DRIVER)

const iso = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z')

const db = new Database(process.argv[2])
const out = fs.openSync(process.argv[3], 'w')
const sessions = db.prepare('select * from sessions where staged is null and deleted_at is null order by created_at, pk')
const messages = db.prepare('select id, role, content, created_at from messages where session = ? order by seq')
let buffer = '[\n'
let between = ''
for (const { pk, id, title, created_at, updated_at, provider, model, tags, metadata, status } of sessions.iterate()) {
  const session = {
    id,
    title,
    created_at: iso(created_at),
    updated_at: iso(updated_at),
    provider,
    model,
    metadata: { tags: JSON.parse(tags), ...JSON.parse(metadata) },
    messages: messages.all(pk).map((row) => ({ role: row.role, content: row.content, timestamp: iso(row.created_at), id: row.id })),
  }
  if (status !== 'active') session.status = status
  buffer += between + JSON.stringify(session)
  between = ',\n'
  if (buffer.length < 1 << 18) continue
  fs.writeSync(out, buffer)
  buffer = ''
}
fs.writeSync(out, `${buffer}\n]\n`)
fs.closeSync(out)
