// Inserts the rows of a synced database into the schema `bare`, 1,000 at a time with jsonb_to_recordset:
// node plain-push.cjs DATABASE ENDPOINT
const Database = require(process.env.SQLITE_DRIVER)
const { Client } = require('pg')

const BATCH = 1000
const CREATE = `drop schema if exists bare cascade; create schema bare;
  create table bare.session (like zerodb.session including all); create table bare.message (like zerodb.message including all)`
const INSERT = {
  session: `insert into bare.session (owner, id, rev, registers) select 'me', r.id, r.rev, r.registers
    from jsonb_to_recordset($1::jsonb) r(id text, rev bigint, registers jsonb)`,
  message: `insert into bare.message (owner, session, id, rev, place, stamp, body) select 'me', r.session, r.id, r.rev, r.place, r.stamp, r.body
    from jsonb_to_recordset($1::jsonb) r(session text, id text, rev bigint, place text, stamp text, body text)`,
}

const iso = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z')

const db = new Database(process.argv[2], { readonly: true })
const sessions = db.prepare(
  `select session as id, json_group_object(key, json_object('v', value, 'h', stamp)) as registers from sync_registers group by session`,
)
const messages = db.prepare(
  `select s.session, s.key as id, s.place, s.stamp, m.id as message, m.role, m.content, m.created_at
   from sync_messages s join messages m on m.pk = s.message`,
)
const sessionRow = ({ id, registers }) => ({ id, registers: JSON.parse(registers) })
const messageRow = ({ session, id, place, stamp, message, role, content, created_at }) => ({
  ...{ session, id, place, stamp },
  body: JSON.stringify({ id: message, role, content, timestamp: iso(created_at) }),
})

async function run() {
  const client = new Client(process.argv[3])
  await client.connect()
  await client.query(CREATE)
  let rev = 0
  const insertAll = async (table, rows, rowOf) => {
    let batch = []
    const insert = async () => {
      if (batch.length > 0) await client.query(INSERT[table], [JSON.stringify(batch)])
      batch = []
    }
    for (const row of rows.iterate()) {
      batch.push({ ...rowOf(row), rev: ++rev })
      if (batch.length === BATCH) await insert()
    }
    await insert()
  }
  await insertAll('session', sessions, sessionRow)
  await insertAll('message', messages, messageRow)
  await client.end()
}

run()
