import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { databaseOf, withDatabase } from '../helpers/database.ts'
import { sample, seed, talk } from '../helpers/seed.ts'

const SOUND = 'ok       database\nok       counters\nok       permissions\nok       search index\n'

test('doctor says that all is well', async () => {
  const home = makeHome()
  expect(await home.ok('doctor')).toBe(SOUND)
  await seed(home, sample(1, { messages: talk('a', 'b') }))
  expect(await home.ok('doctor')).toBe(SOUND)
  expect(await home.json('doctor', '--format', 'json')).toEqual(
    ['database', 'counters', 'permissions', 'search index'].map((check) => ({ check, ok: true })),
  )
})

test('doctor says what it would mend, --fix mends it, and no message is lost', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('a needle', 'b') }))
  withDatabase(home, (db) => {
    db.unsafeMode(true)
    db.exec("update sessions set message_count = 7; update search_index_data set block = x'00'")
  })
  fs.chmodSync(databaseOf(home), 0o644)
  const before = fs.statSync(databaseOf(home)).mode
  const { code, stdout } = await home.run('doctor')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^ok +database$/m)
  expect(stdout).toMatch(/^problem {2}counters: the number of messages is wrong in 1 session \(--fix would recount the messages\)$/m)
  expect(stdout).toMatch(/^problem {2}permissions: other users can access \S+sessions.db \(mode 644\) \(--fix would set mode 600\)$/m)
  expect(stdout).toMatch(/^problem {2}search index: .+ \(--fix would rebuild the index\)$/m)
  expect(fs.statSync(databaseOf(home)).mode).toBe(before)
  expect((await home.run('doctor', '--fix')).code).toBe(0)
  expect(await home.ok('doctor')).toBe(SOUND)
  expect(await home.json('session', 'search', 'needle', '--format', 'json')).toMatchObject([{ message_count: 2 }])
})

test('--reindex makes the index anew', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('a needle', 'b') }))
  withDatabase(home, (db) => db.exec('drop table search_index; drop table search_state; drop table search_stale'))
  expect((await home.run('doctor')).stdout).toMatch(/^problem {2}search index: the index is missing \(--fix would rebuild the index\)$/m)
  expect(await home.ok('doctor', '--reindex')).toBe(SOUND)
})

test('a damaged table is told', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('a needle', 'b') }))
  withDatabase(home, (db) => {
    db.pragma('foreign_keys = off')
    db.exec('delete from sessions')
  })
  const { code, stdout } = await home.run('doctor')
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^problem {2}database: .*messages belong to a row that does not exist$/m)])
})
