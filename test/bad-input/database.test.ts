import { execFileSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { filledHome, idOf } from '../helpers/backup.ts'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { databaseOf, openFile, withDatabase } from '../helpers/database.ts'
import { expectProblem } from '../helpers/problem.ts'

describe('a file that is not our database is refused and stays as it was', () => {
  const files: [about: string, make: (file: string, sound: Buffer) => void, says: string][] = [
    ['random bytes', (file) => fs.writeFileSync(file, crypto.randomBytes(5000)), 'is not a SQLite database'],
    ['a text', (file) => fs.writeFileSync(file, 'dear diary\n'), 'is not a SQLite database'],
    ['of another program', (file) => openFile(file).exec('create table t (a); insert into t values (1)').close(), 'of another program'],
    [
      "another program's, still empty",
      (file) => {
        const db = openFile(file)
        db.pragma('application_id = 12345')
        db.close()
      },
      'of another program',
    ],
    ['only a header', (file, sound) => fs.writeFileSync(file, sound.subarray(0, 100)), 'damaged'],
    ['cut off', (file, sound) => fs.writeFileSync(file, sound.subarray(0, 20_000)), 'damaged'],
  ]

  test.each(files)('%s', async (_, make, says) => {
    const home = makeHome()
    await home.create('--title', 'One')
    withDatabase(home, (db) => db.pragma('wal_checkpoint(truncate)'))
    const file = home.path('x.db')
    make(file, fs.readFileSync(databaseOf(home)))
    const before = fs.readFileSync(file)
    const env = { AINATIVE_DB_PATH: file }
    expectProblem(await home.runWith({ env }, 'session', 'list'), 1, file, says)
    expectProblem(await here({ ...home, env: { ...home.env, ...env } }).run('session', 'create', '--title', 'x'), 1, file, says)
    expect(fs.readFileSync(file).equals(before)).toBe(true)
  })
})

test('a database of a newer version is refused and stays as it was', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  withDatabase(home, (db) => db.exec("insert into migrations values ('sqlite-9999-future', 1)"))
  const before = fs.readFileSync(databaseOf(home))
  expectProblem(await home.run('session', 'list'), 1, 'newer version', 'hint: update ainative-code')
  expectProblem(await here(home).run('session', 'create', '--title', 'x'), 1, 'newer version')
  expect(fs.readFileSync(databaseOf(home)).equals(before)).toBe(true)
})

test('damage in the middle of the file is a clear error in every reading command', async () => {
  const home = await filledHome({ sessions: 400, messages: 4, chars: 600 })
  withDatabase(home, (db) => db.pragma('wal_checkpoint(truncate)'))
  const bytes = fs.readFileSync(databaseOf(home))
  bytes.fill(0xa5, 40 * 4096)
  fs.writeFileSync(databaseOf(home), bytes)
  for (const argv of [
    ['session', 'export', '--all', '-o', 'x.json'],
    ['query', '$count(sessions.messages)'],
    ['session', 'list', '--all', '--json'],
  ]) {
    const { code, stderr } = await home.run(...argv)
    expect(stderr).toMatch(/^error: the database .* is damaged$/m)
    expect(code).toBe(1)
  }
  expect(fs.existsSync(home.path('x.json'))).toBe(false)
})

/** Overwrites a leaf of a table in the middle of the file. */
function damage(home: Home, table: string): void {
  const page = withDatabase(home, (db) => {
    db.pragma('wal_checkpoint(truncate)')
    const leaves = db.prepare("select pageno from dbstat where name = ? and pagetype = 'leaf' order by pageno").pluck().all(table)
    return leaves[Math.floor(leaves.length / 2)] as number
  })
  const bytes = fs.readFileSync(databaseOf(home))
  bytes.fill(0xa5, (page - 1) * 4096, page * 4096)
  fs.writeFileSync(databaseOf(home), bytes)
}

test.each(['messages', 'sessions'])('a damaged page of the table %s: an export names what is lost and writes the rest', async (table) => {
  const home = await filledHome({ sessions: 400, messages: 2, chars: 400 })
  damage(home, table)
  for (const output of ['all.json', '-', 'each/']) {
    const { code, stdout, stderr } = await home.run('session', 'export', '--all', '-o', output)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^not exported: sessions? .* cannot be read: the database .* is damaged$/m)
    const lost = new Set(stderr.match(/\b0000000000[0-9a-z]{2}\b/g))
    expect(lost.size).toBeGreaterThan(0)
    const texts = output === 'each/' ? fs.readdirSync(home.path('each')).map((name) => home.read(`each/${name}`)) : []
    const sessions = texts.length > 0 ? texts.map((text) => JSON.parse(text)) : JSON.parse(output === '-' ? stdout : home.read(output))
    expect(sessions.filter(({ id }: { id: string }) => lost.has(id))).toEqual([])
    expect(sessions.length + lost.size).toBe(400)
    const [one] = lost
    expectProblem(await here(home).run('session', 'show', one as string), 1, 'is damaged', 'hint: ainative-code session restore-backup')
    expectProblem(await here(home).run('session', 'export', one as string, '-o', home.path('one.json')), 1, 'is damaged')
    expect(fs.existsSync(home.path('one.json'))).toBe(false)
  }
  expect(await here(home).ok('session', 'show', idOf(0))).toContain('Session 0')
  expect(await here(home).json('session', 'list', '--json')).toHaveLength(10)
  expectProblem(await home.run('session', 'backup', 'b.db'), 1, 'is damaged')
  expect(fs.existsSync(home.path('b.db'))).toBe(false)
})

test('a missing table is damage, not a fault of the program', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  withDatabase(home, (db) => db.exec('alter table sessions rename to lost'))
  expectProblem(await home.run('session', 'list'), 1, 'database')
})

test('what is no file in the place of the database is named', async () => {
  const home = makeHome()
  fs.mkdirSync(home.path('folder.db'))
  execFileSync('mkfifo', [home.path('fifo.db')])
  const listOf = (file: string) => here({ ...home, env: { ...home.env, AINATIVE_DB_PATH: file } }).run('session', 'list')
  for (const file of [home.path('folder.db'), '/dev/null', '/dev/null/x/y.db', `/tmp/${'x'.repeat(300)}.db`])
    expectProblem(await listOf(file), 1, file)
  // A program that opens these might never end.
  for (const file of [home.path('fifo.db'), '/dev/zero'])
    expectProblem(await home.runWith({ env: { AINATIVE_DB_PATH: file } }, 'session', 'list'), 1, file)
})
