import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import { type Access, type Connection, yieldToEvents } from '../../sqlite/index.ts'
import { type Reader, readOrNothing } from '../encryption/reader.ts'
import type { Server } from '../server/connect.ts'
import { accountOf } from '../server/endpoint.ts'
import { isOfTwin, ownStamp } from './clock.ts'
import { forgetEnds } from './forget-ends.ts'
import { dropItems, localOf, readState, writeState } from './local.ts'
import { recordSome } from './record.ts'
import { PURGED, WITHDRAWN } from './registers.ts'
import { restamp } from './restamp.ts'
import type { MessageRow, SessionRow } from './rows.ts'
import { TOUCH_ALL } from './schema.ts'
import { NOTHING } from './state.ts'
import { RESEND } from './statements.ts'
import { setTriggers } from './triggers.ts'

/** The number of changed rows that are compared in one transaction. */
const BATCH = 2000

/** Prepares the database for a sync with the account of `server`: sets sync up at the first call, and stamps all new changes. */
export async function setUp(access: Access, server: Server): Promise<void> {
  const { connection } = access
  if (!isOf(connection, server)) await access.write(async () => identify(connection, server))
  setTriggers(connection)
  while (hasTouched(connection) && (await access.write(async () => recordSome(connection, BATCH))));
}

/** Runs `work` on the database as `setUp` would leave it, and undoes all changes. */
export async function asIfSetUp<T>({ connection, write }: Access, server: Server, work: () => T): Promise<T> {
  const results: T[] = []
  const undo = new Error('undone')
  const attempt = write(async () => {
    identify(connection, server)
    while (recordSome(connection, BATCH)) await yieldToEvents()
    results.push(work())
    throw undo
  })
  await attempt.catch((error) => {
    if (error !== undo) throw error
  })
  return results[0] as T
}

/** The revision after which a sync with the account of `server` would read. */
export const cursorFor = (connection: Connection, server: Server) =>
  localOf(connection).state('account') === accountOf(server) ? Number(localOf(connection).state('cursor') ?? 0) : 0

/** True if the database is where it was at the last sync, which was with this account. */
function isOf(connection: Connection, server: Server): boolean {
  const { state } = localOf(connection)
  return state('place') === placeOf(connection.name) && state('account') === accountOf(server)
}

function identify(connection: Connection, server: Server): void {
  const { state } = localOf(connection)
  const [place, account] = [placeOf(connection.name), accountOf(server)]
  if (state('place') !== place) setDevice(connection, place)
  if (state('account') !== account) changeAccount(connection, account)
}

/**
 * Gives the database a new device id if a row has a stamp of this device that its clock has not issued: an older copy replaced the file.
 * Ignores a row of an encrypted account that cannot be decrypted, because the server may have changed its stamp.
 */
export function checkDevice(connection: Connection, reader: Reader, rows: (SessionRow | MessageRow)[]): void {
  const state = readState(localOf(connection))
  const stampsOf = (row: SessionRow | MessageRow) => (row.kind === 'm' ? [row.stamp] : Object.values(row.registers).map(({ h }) => h))
  const isTwin = (row: SessionRow | MessageRow) => stampsOf(row).some((stamp) => state && isOfTwin(state, stamp))
  if (rows.some((row) => isTwin(row) && readOrNothing(reader, row))) setDevice(connection, placeOf(connection.name))
}

const hasTouched = (connection: Connection) => connection.prepare('select 1 from sync_touched limit 1').get() !== undefined

/** Lets the next sync of a backup, whose original had other changes since, give it a new device id: both may have used the same stamps. */
export const forgetPlace = (backup: Connection) => void localOf(backup).dropState('place')

/** Gives the database a new device id. A copy of a database on another machine, or under another path, is another device. */
function setDevice(connection: Connection, place: string): void {
  const local = localOf(connection)
  local.setState('device', randomBytes(8).toString('hex'))
  local.setState('place', place)
  if (local.state('digest') === undefined) {
    local.setState('digest', NOTHING)
    connection.exec(TOUCH_ALL)
  } else restampAll(connection)
}

/**
 * Puts the new device id in the stamps of all unsent changes: the original of a copied database may have used the same stamps for other
 * changes. The changes keep their times, because other devices may have newer ones.
 */
function restampAll(connection: Connection): void {
  const local = localOf(connection)
  const state = readState(local)
  if (!state) return
  restamp(connection, state, '', (stamp) => ownStamp(state, stamp))
  writeState(local, state)
}

/** Forgets what the server has, so that the next sync reads and compares everything again. */
export const forgetServer = ({ connection, write }: Access): Promise<void> => write(async () => setAllUnsent(connection, MARK_RESEND))

/** Prepares the first sync with another account: its server never had what this device sent. */
function changeAccount(connection: Connection, account: string): void {
  forgetEnds(connection)
  setAllUnsent(connection, 'null')
  localOf(connection).setState('account', account)
}

/** Sets the column `sent` of everything to this SQL expression, and the cursor to the start. */
function setAllUnsent(connection: Connection, sent: string): void {
  forgetLocalOnly(connection)
  for (const table of ['sync_registers', 'sync_messages']) connection.exec(`update ${table} set sent = ${sent}`)
  localOf(connection).setState('cursor', '0')
}

/** SQL that marks a sent row to be sent again. */
const MARK_RESEND = `case when sent like '${RESEND}%' then sent else '${RESEND}' || sent end`

/** Forgets the items of local-only sessions that other devices have: this device could not send them again. */
function forgetLocalOnly(connection: Connection): void {
  const local = localOf(connection)
  const state = readState(local)
  if (!state) return
  const ids = connection.prepare('select id from sessions where local_only is not null and staged is null').pluck().all() as string[]
  for (const id of ids) dropItems(local, state, id, ({ kind, key }) => kind === 'm' || (key !== PURGED && key !== WITHDRAWN))
  writeState(local, state)
}

/** Returns a text that identifies the machine and the path of a database. */
function placeOf(file: string): string {
  const machine = ['/etc/machine-id', '/var/lib/dbus/machine-id'].map(readText).find(Boolean) ?? ''
  return [os.hostname(), machine.trim(), fs.realpathSync(file)].join('\n')
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
