import { once } from 'node:events'
import fs from 'node:fs'
import { expect, test } from 'vitest'
import { backup, filledHome } from '../helpers/backup.ts'
import { type Home, startCli } from '../helpers/cli.ts'
import { databaseOf, lookInto, withDatabase } from '../helpers/database.ts'
import { okHere } from '../helpers/here.ts'
import { until } from '../helpers/until.ts'

const SESSIONS = 1200
const stagedIn = (home: Home) =>
  withDatabase(home, (db) => db.prepare('select count(*) from sessions where staged is not null').pluck().get() as number)

const SOUND = { integrity: 'ok', foreign: 0 }

const SHAPE = { sessions: SESSIONS, messages: 4, chars: 400 }
const full = () => filledHome(SHAPE)

/** Starts a command, with an input that never ends, and kills it, as a power cut would, once this is true. Gives whether it was still running. */
async function killWhen(home: Home, ready: () => boolean, argv: string[], input?: string): Promise<boolean> {
  const child = startCli(argv, { cwd: home.dir, env: home.env })
  if (input !== undefined) child.stdin.write(input)
  child.stdout.resume()
  child.stderr.resume()
  const ended = once(child, 'exit')
  await until('the moment to kill', () => child.exitCode !== null || ready())
  const killed = child.exitCode === null && child.kill('SIGKILL')
  await ended
  return killed
}

/** Kills a command that writes to the database, at its first write or after more of them. */
async function killWhileWriting(home: Home, pages: number, ...argv: string[]): Promise<void> {
  const size = () => fs.statSync(`${databaseOf(home)}-wal`, { throwIfNoEntry: false })?.size ?? 0
  await killWhen(home, () => size() > pages * 4096, argv)
}

test('an import that is killed leaves nothing to see, and the next command sweeps what it wrote', async () => {
  const home = await full()
  const lines = backup({ ...SHAPE, sessions: 2200 }).split('\n')
  for (const least of [1, 600, 1100]) {
    // More than is staged in one step comes, and then nothing more.
    const input = lines.slice(0, least + 1000).join('\n')
    const killed = await killWhen(home, () => stagedIn(home) >= least, ['session', 'import', '-i', '-', '--new-id'], input)
    expect(killed).toBe(true)
    const { staged, ...rest } = lookInto(home)
    expect(rest).toMatchObject({ ...SOUND, sessions: SESSIONS, imports: 1 })
    expect(staged).toBeGreaterThanOrEqual(least)
    expect(await home.json('session', 'list', '--all', '--fields', 'id', '--json')).toHaveLength(SESSIONS)
    expect(lookInto(home)).toMatchObject({ ...SOUND, sessions: SESSIONS, staged: 0, imports: 0, messages: SESSIONS * 4 })
  }
})

test('a delete and a purge of many that are killed did all or nothing', async () => {
  const home = await full()
  for (const pages of [0, 50, 500]) {
    await killWhileWriting(home, pages, 'session', 'delete', '--all', '--force')
    const { trashed, ...rest } = lookInto(home)
    expect(rest).toMatchObject({ ...SOUND, sessions: SESSIONS, messages: SESSIONS * 4 })
    expect([0, SESSIONS]).toContain(trashed)
    if (trashed > 0) await okHere(home, 'session', 'restore', '--status', 'deleted')
  }
  await okHere(home, 'session', 'delete', '--all', '--force')
  for (const pages of [0, 50, 500]) {
    await killWhileWriting(home, pages, 'session', 'purge', '--all', '--force')
    const { sessions, messages, ...rest } = lookInto(home)
    expect(rest).toMatchObject(SOUND)
    expect([0, SESSIONS]).toContain(sessions)
    expect(messages).toBe(sessions * 4)
  }
})

test('an export that is killed leaves the file that was there, and the next one removes its temporary file', async () => {
  const home = await full()
  const names = () => fs.readdirSync(home.path('out'))
  for (let round = 0; round < 2; round++) {
    // An export that ends before it is killed shows nothing, so another one is started.
    await until('an export to kill', () => {
      const file = home.write('out/all.json', 'before')
      const before = names()
      const started = () => names().some((name) => !before.includes(name))
      return killWhen(home, started, ['session', 'export', '--all', '-o', file])
    })
    expect(home.read('out/all.json')).toBe('before')
    expect(names()).toHaveLength(2)
  }
  await home.ok('session', 'export', '--all', '-o', home.path('out/all.json'))
  expect(names()).toEqual(['all.json'])
})
