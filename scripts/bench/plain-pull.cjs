// Reads the rows of the schema `bare` by keyset and inserts them: node plain-pull.cjs ENDPOINT DATABASE
// The database has the program's tables.
const Database = require(process.env.SQLITE_DRIVER)
const { Client } = require('pg')

const PAGE = 500

const db = new Database(process.argv[3])
db.pragma('journal_mode = wal')
const insertInto = (table, names) => db.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`)
const details = ['provider', 'model', 'project', 'tags', 'metadata', 'created_at', 'updated_at']
const addSession = insertInto('sessions', ['id', 'title', 'title_key', 'status', ...details])
const addTag = insertInto('session_tags', ['tag', 'created_at', 'session'])
const addMessage = insertInto('messages', ['session', 'seq', 'id', 'role', 'content', 'state', 'created_at'])
const places = new Map()

function session({ id, registers }) {
  const value = (key) => (registers[key]?.v === undefined ? null : JSON.parse(registers[key].v))
  const named = (prefix) => Object.keys(registers).filter((key) => key.startsWith(prefix))
  const tags = named('tag:').map((key) => key.slice(4))
  const metadata = Object.fromEntries(named('meta:').map((key) => [key.slice(5), value(key)]))
  const title = value('title')
  const created = Date.parse(value('created_at'))
  const what = [value('provider'), value('model'), metadata.project ?? null, JSON.stringify(tags), JSON.stringify(metadata)]
  const key = title.normalize('NFC').toLowerCase().toUpperCase()
  const { lastInsertRowid: pk } = addSession.run(id, title, key, value('status'), ...what, created, Date.parse(value('updated_at')))
  for (const tag of tags) addTag.run(tag, created, pk)
  places.set(id, { pk, seq: 0 })
}

function message({ session, body }) {
  const place = places.get(session)
  const { id, role, content, timestamp } = JSON.parse(body)
  addMessage.run(place.pk, ++place.seq, id, role, content, 'complete', Date.parse(timestamp))
}

async function run() {
  const client = new Client(process.argv[2])
  await client.connect()
  for (const [table, add] of [
    ['session', session],
    ['message', message],
  ]) {
    for (let after = 0; ; ) {
      const text = `select * from bare.${table} where owner = 'me' and rev > $1 order by rev limit ${PAGE}`
      const { rows } = await client.query(text, [after])
      if (rows.length === 0) break
      db.transaction(() => rows.forEach(add))()
      after = rows.at(-1).rev
    }
  }
  await client.end()
  db.close()
}

run()
