import fs from 'node:fs'
import { ownRequire } from 'ainative-code'
import type { Access, Connection } from '../../sqlite/index.ts'
import { createReader } from '../encryption/reader.ts'
import { codecOf } from '../encryption/unlock.ts'
import type { Server } from '../server/connect.ts'
import { CLIENT } from '../server/schema.ts'
import { type Apply, startApply } from './apply.ts'
import { localOf, readState, writeState } from './local.ts'
import type { MessageRow } from './rows.ts'

/** Returns the version of this program, and the version of the rows that it understands. */
const programVersion = () =>
  `${JSON.parse(fs.readFileSync(ownRequire().resolve('ainative-code/package.json'), 'utf8')).version} ${CLIENT.version}`

/** Retries the rows that could not be applied: always if `isForced`, otherwise only after the version of the program has changed. */
export async function retry({ connection, write }: Access, server: Server, isForced: boolean): Promise<void> {
  const local = localOf(connection)
  const version = programVersion()
  if (!isForced && local.state('program') === version) return
  const reader = createReader(local, await codecOf(server))
  await write(async () => {
    local.setState('program', version)
    const state = readState(local)
    if (!state) return
    // The rows that this device kept are not encrypted.
    const own = startApply(connection, state, createReader(local, undefined), true)
    retryNewer(connection, own)
    own.end()
    const apply = startApply(connection, state, reader, true)
    retryAside(connection, apply)
    apply.end()
    writeState(local, state)
  })
}

/** Applies the rows that needed a newer program, if this version understands them. */
function retryNewer(connection: Connection, apply: Apply): void {
  const local = localOf(connection)
  const sessions = connection
    .prepare("select session from sync_raw where kind = 's' and needs <= ?")
    .pluck()
    .all(CLIENT.version) as string[]
  for (const id of sessions) {
    local.dropRaw('s', id, '')
    apply.again(id)
  }
  const messages = connection
    .prepare(
      `select 'm' as kind, 0 as rev, r.session, r.key, m.place, m.stamp, r.body, r.needs from sync_raw r
       join sync_messages m on m.session = r.session and m.key = r.key where r.kind = 'm' and r.hash is null and r.needs <= ?`,
    )
    .all(CLIENT.version) as MessageRow[]
  for (const row of messages) apply.row(row)
}

/** Retries the rows that failed. An entry without a row is a session that could not be written as a whole. */
function retryAside(connection: Connection, apply: Apply): void {
  const rows = connection.prepare('select session, row from sync_aside').all() as { session: string; row: string }[]
  for (const { session, row } of rows) {
    if (row === '') apply.again(session)
    else apply.row(JSON.parse(row))
  }
}
