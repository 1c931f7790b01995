// Parses a whole export and inserts it in batches: node plain-import.cjs FILE DATABASE
// The database has the program's tables and indexes.
const fs = require('node:fs')
const Database = require(process.env.SQLITE_DRIVER)

const BATCH = 500

const sessions = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))
const db = new Database(process.argv[3])
db.pragma('journal_mode = wal')
const insertInto = (table, names) => db.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`)
const details = ['provider', 'model', 'project', 'tags', 'metadata', 'message_count', 'created_at', 'updated_at']
const addSession = insertInto('sessions', ['id', 'title', 'title_key', 'status', ...details])
const addTag = insertInto('session_tags', ['tag', 'created_at', 'session'])
const addMessage = insertInto('messages', ['session', 'seq', 'id', 'role', 'content', 'state', 'created_at'])

function add({ id, title, status = 'active', provider, model, metadata, messages, created_at, updated_at }) {
  const { tags, ...rest } = metadata
  const key = title.normalize('NFC').toLowerCase().toUpperCase()
  const created = Date.parse(created_at)
  const what = [provider, model, rest.project ?? null, JSON.stringify(tags), JSON.stringify(rest)]
  const { lastInsertRowid: pk } = addSession.run(id, title, key, status, ...what, messages.length, created, Date.parse(updated_at))
  for (const tag of tags) addTag.run(tag, created, pk)
  messages.forEach((message, i) => {
    addMessage.run(pk, i + 1, message.id, message.role, message.content, 'complete', Date.parse(message.timestamp))
  })
}

const addAll = db.transaction((batch) => batch.forEach(add))
for (let i = 0; i < sessions.length; i += BATCH) addAll(sessions.slice(i, i + BATCH))
db.close()
