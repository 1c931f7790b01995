import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { withServer } from '../../helpers/postgres.ts'
import type { Device } from '../sync/device.ts'
import { addDevice, creation, devicesOf, tamper, text, WORDS } from './devices.ts'

/** Statements that write the rows of the user again. */
const rowsOf = (endpoint: string) =>
  withServer(endpoint, async ({ db }) => {
    const { rows } = await sql<{ statement: string }>`
      select format('insert into zerodb.session select * from jsonb_populate_record(null::zerodb.session, %L)', to_jsonb(s)) as statement from zerodb.session s
      union all select format('insert into zerodb.message select * from jsonb_populate_record(null::zerodb.message, %L)', to_jsonb(m)) from zerodb.message m`.execute(
      db,
    )
    return rows.map(({ statement }) => statement)
  })

const A = `where session = 'aaaaaaaaaaaa'`

/** What someone who controls the server changes, and the number of rows that no device accepts then. */
const CHANGES: [name: string, aside: number, statement: string][] = [
  [
    'bodies swapped between two messages',
    2,
    `update zerodb.message m set body = (select body from zerodb.message o ${A} and o.id <> m.id) ${A}`,
  ],
  // A session that cannot be read has no keys, so its messages cannot be read either.
  [
    'registers swapped between two sessions',
    5,
    'update zerodb.session s set registers = (select registers from zerodb.session o where o.id <> s.id)',
  ],
  [
    'values swapped within a session',
    3,
    `update zerodb.session set registers = registers || jsonb_build_object('title', registers->'status', 'status', registers->'title') where id = 'aaaaaaaaaaaa'`,
  ],
  [
    'the stamp of a title changed',
    3,
    `update zerodb.session set registers = jsonb_set(registers, '{title,h}', '"ffff000000000000"') where id = 'aaaaaaaaaaaa'`,
  ],
  [
    'a session moved to another id, with its messages',
    2,
    `update zerodb.session set id = 'cccccccccccc' where id = 'bbbbbbbbbbbb'; update zerodb.message set session = 'cccccccccccc' where session = 'bbbbbbbbbbbb'`,
  ],
  ['a message moved to another session', 1, `update zerodb.message set session = 'aaaaaaaaaaaa' where session = 'bbbbbbbbbbbb'`],
  ['the stamp of messages changed', 2, `update zerodb.message set stamp = 'ffff' || substr(stamp, 5) ${A}`],
  ['messages removed', 2, `update zerodb.message set body = null ${A}`],
  ['bodies cut off', 2, `update zerodb.message set body = left(body, 40) ${A}`],
  ['bodies of a newer version', 2, `update zerodb.message set body = '~2' || substr(body, 3) ${A}`],
  ['bodies that are no Base64', 2, `update zerodb.message set body = left(body, 20) || ':::%' ${A}`],
  ['a forged purge', 3, `update zerodb.session set registers = '{"purged": {"v": "true", "h": "ffff"}}' where id = 'aaaaaaaaaaaa'`],
  [
    'a purge with the value of another',
    3,
    `update zerodb.session set registers = jsonb_build_object('purged', registers->'title') where id = 'aaaaaaaaaaaa'`,
  ],
]

test('rows that someone changed on the server are set aside, and change nothing on a device', async () => {
  const { endpoint, devices } = await devicesOf('tamper', WORDS)
  const [a] = devices as [Device]
  await a.save(creation('aaaaaaaaaaaa', 'Titel a', 'Nachricht 1', 'Nachricht 2'), creation('bbbbbbbbbbbb', 'Titel b', 'Nachricht 3'))
  await a.sync()
  const good = await text(a)
  const backup = await rowsOf(endpoint)
  for (const [name, aside, statement] of CHANGES) {
    const fresh = await addDevice(endpoint, WORDS)
    await tamper(endpoint, statement)
    const result = await fresh.sync({ push: false })
    expect(result, name).toMatchObject({ aside, equal: false })
    expect((await a.sync({ push: false, force: true })).aside, name).toBeGreaterThan(0)
    expect(await text(a), name).toBe(good)
    await tamper(endpoint, 'delete from zerodb.session; delete from zerodb.message', ...backup)
    expect(await a.sync({ push: false, force: true }), name).toMatchObject({ equal: true })
  }
  // No device spreads what was changed over a server that was repaired.
  await a.sync({ force: true })
  const fresh = await addDevice(endpoint, WORDS)
  expect(await fresh.sync()).toMatchObject({ aside: 0, equal: true })
  expect(await text(fresh)).toBe(good)
})
