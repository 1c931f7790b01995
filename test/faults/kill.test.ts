import { once } from 'node:events'
import fs from 'node:fs'
import { expect, test } from 'vitest'
import { backup } from '../helpers/backup.ts'
import { type Home, makeHome, startCli } from '../helpers/cli.ts'
import { lookInto } from '../helpers/database.ts'

const SESSIONS = 2000
const SOUND = { integrity: 'ok', foreign: 0 }

async function full(): Promise<Home> {
  const home = makeHome()
  home.write('b.json', backup({ sessions: SESSIONS, messages: 6, chars: 400 }))
  await home.ok('session', 'import', '-i', 'b.json')
  return home
}

/** Starts a command and kills it, as a power cut would, once this is true. Gives whether it was still running. */
async function killWhen(home: Home, ready: () => boolean, ...argv: string[]): Promise<boolean> {
  const child = startCli(argv, { cwd: home.dir, env: home.env })
  child.stdout.resume()
  child.stderr.resume()
  const ended = once(child, 'exit')
  while (child.exitCode === null && !ready()) await new Promise((resolve) => setTimeout(resolve, 5))
  const killed = child.exitCode === null && child.kill('SIGKILL')
  await ended
  return killed
}

function killAfter(home: Home, ms: number, ...argv: string[]): Promise<boolean> {
  const end = Date.now() + ms
  return killWhen(home, () => Date.now() > end, ...argv)
}

test('an import that is killed leaves nothing to see, and the next command sweeps what it wrote', async () => {
  const home = await full()
  for (const least of [1, 600, 1100]) {
    const killed = await killWhen(home, () => lookInto(home).staged >= least, 'session', 'import', '-i', 'b.json', '--new-id')
    expect(killed).toBe(true)
    const { staged, ...rest } = lookInto(home)
    expect(rest).toMatchObject({ ...SOUND, sessions: SESSIONS, imports: 1 })
    expect(staged).toBeGreaterThanOrEqual(least)
    expect(await home.ok('query', '$count(sessions)')).toBe(`${SESSIONS}\n`)
    expect(lookInto(home)).toMatchObject({ ...SOUND, sessions: SESSIONS, staged: 0, imports: 0, messages: SESSIONS * 6 })
  }
})

test('a delete and a purge of many that are killed did all or nothing', async () => {
  const home = await full()
  for (const ms of [120, 200, 300]) {
    await killAfter(home, ms, 'session', 'delete', '--all', '--force')
    const { trashed, ...rest } = lookInto(home)
    expect(rest).toMatchObject({ ...SOUND, sessions: SESSIONS, messages: SESSIONS * 6 })
    expect([0, SESSIONS]).toContain(trashed)
    if (trashed > 0) await home.ok('session', 'restore', '--status', 'deleted')
  }
  await home.ok('session', 'delete', '--all', '--force')
  for (const ms of [120, 200, 300]) {
    await killAfter(home, ms, 'session', 'purge', '--all', '--force')
    const { sessions, messages, ...rest } = lookInto(home)
    expect(rest).toMatchObject(SOUND)
    expect([0, SESSIONS]).toContain(sessions)
    expect(messages).toBe(sessions * 6)
  }
})

test('an export that is killed leaves the file that was there', async () => {
  const home = await full()
  const file = home.write('out/all.json', 'before')
  for (const files of [2, 3]) {
    const killed = await killWhen(home, () => fs.readdirSync(home.path('out')).length >= files, 'session', 'export', '--all', '-o', file)
    expect(killed).toBe(true)
    expect(fs.readFileSync(file, 'utf8')).toBe('before')
  }
})
