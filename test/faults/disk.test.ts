import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { backup } from '../helpers/backup.ts'
import { bin, type Home, here, homeAt, makeHome, startCli } from '../helpers/cli.ts'
import { lookInto, withDatabase } from '../helpers/database.ts'
import { okHere } from '../helpers/here.ts'
import { killAfterLines } from '../helpers/killed.ts'
import { expectProblem } from '../helpers/problem.ts'
import { answer, openShell } from '../helpers/pty.ts'
import { smallDisk } from '../helpers/user.ts'

/** A home on a small disk, a large backup outside of it, and a path outside of it for rescued files. */
function smallHome(size = '2m', shape = { sessions: 400, messages: 10, chars: 2000 }): Small | undefined {
  const outer = makeHome()
  const disk = smallDisk(outer.path('disk'), size)
  if (!disk) {
    console.warn('a full disk is not tested: that takes root and mount')
    return undefined
  }
  onTestFinished(disk.remove)
  // The cache lies elsewhere: what Node writes and removes there would give room back.
  const home = homeAt(outer.path('disk'), { XDG_CACHE_HOME: outer.path('cache') })
  return { home, big: outer.write('big.json', backup(shape)), outside: outer.path('rescued') }
}

interface Small {
  home: Home
  big: string
  outside: string
}

const fill = (home: Home) => spawnSync('dd', ['if=/dev/zero', `of=${home.path('fill')}`, 'bs=4k'])

test('an import that the disk cannot hold leaves what was there, and room for more', async () => {
  const tiny = smallHome()
  if (!tiny) return
  const { home, big } = tiny
  await home.create('--title', 'Before')
  expectProblem(await home.run('session', 'import', '-i', big), 1, 'the disk is full')
  await home.create('--title', 'After')
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 2, staged: 0, imports: 0, messages: 0 })
})

test('a disk with no room at all is named by every command, and nothing is lost', async () => {
  const tiny = smallHome()
  if (!tiny) return
  const { home } = tiny
  await home.create('--title', 'Before')
  fill(home)
  expectProblem(await home.run('session', 'create', '--title', 'x'.repeat(5000)), 1, 'disk is full')
  expectProblem(await home.run('session', 'delete', '--all', '--force'), 1, 'disk is full')
  fs.rmSync(home.path('fill'))
  expect(await home.json('session', 'list', '--json')).toMatchObject([{ title: 'Before' }])
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 1, trashed: 0 })
})

test('a first start on a full disk shows nothing, and the next one with room works', async () => {
  const tiny = smallHome()
  if (!tiny) return
  const { home } = tiny
  fill(home)
  expect(await home.run('session', 'list')).toMatchObject({ code: 0 })
  expectProblem(await home.run('session', 'create', '--title', 'One'), 1, 'the disk is full: nothing can be written to')
  fs.rmSync(home.path('fill'))
  await home.create('--title', 'One')
})

test('a text that cannot be written for the editor leaves no folder', async () => {
  const tiny = smallHome()
  if (!tiny) return
  const { home } = tiny
  await home.create('--title', 'One')
  fs.mkdirSync(home.path('tmp'))
  fill(home)
  const edit = await home.runWith({ env: { TMPDIR: home.path('tmp'), EDITOR: 'true' } }, 'session', 'edit', 'last')
  expectProblem(edit, 1, 'the disk is full')
  expect(fs.readdirSync(home.path('tmp'))).toEqual([])
})

describe.each([
  ['after a clean end', async (home: Home) => void (await home.create('--title', 'One'))],
  ['after a kill, with a -wal file', (home: Home) => killAfterLines(home, 'session create --title One')],
])('a database on a full disk, %s', (_, make) => {
  test('is read by every command that reads', async () => {
    const tiny = smallHome('1m')
    if (!tiny) return
    const { home, outside } = tiny
    await make(home)
    const [{ id }] = await here(home).json('session', 'list', '--json')
    await make(home)
    fill(home)
    expect(await home.json('session', 'list', '--json')).toHaveLength(2)
    expect(await home.json('session', 'list', '--where', 'title = "One"', '--json')).toHaveLength(2)
    expect(await home.ok('session', 'show', id)).toContain('Session: One')
    expect(await home.ok('query', '$count(sessions)')).toBe('2\n')
    await home.ok('session', 'export', '--all', '-o', `${outside}.json`)
    expect(JSON.parse(fs.readFileSync(`${outside}.json`, 'utf8'))).toHaveLength(2)
    await home.ok('session', 'backup', `${outside}.db`)
    expect(await home.runWith({ env: { AINATIVE_DB_PATH: `${outside}.db` } }, 'query', '$count(sessions)')).toMatchObject({ stdout: '2\n' })
    // A reader that closed the database gave the room of its -wal file back.
    fill(home)
    expectProblem(await home.run('session', 'rename', id, 'x'), 1, 'the disk is full')
    expectProblem(await home.run('session', 'backup', 'b.db'), 1, 'cannot write b.db: the disk is full')
    fs.rmSync(home.path('fill'))
    await okHere(home, 'session', 'rename', id, 'Two')
    expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 2 })
    expect(fs.readdirSync(home.dir).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

test('a shell that starts on a full disk writes once there is room', async () => {
  const tiny = smallHome()
  if (!tiny) return
  const { home } = tiny
  await home.create('--title', 'One')
  fill(home)
  const shell = await openShell(home)
  await answer(shell, 'session list', /One/)
  await answer(shell, 'session create --title Two', /error: the disk is full/)
  fs.rmSync(home.path('fill'))
  await answer(shell, 'session create --title Two', /Created session/)
  await answer(shell, 'session list', /Two/)
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 2 })
})

test('a database of an older schema is read on a full disk, and migrated once there is room', async () => {
  const tiny = smallHome()
  if (!tiny) return
  const { home } = tiny
  await home.create('--title', 'One')
  withDatabase(home, (db) =>
    db.exec(`drop index messages_for_totals; drop table chunks; drop table replies; alter table messages drop column first_token_ms;
      alter table messages drop column cost; alter table messages drop column web_searches;
      alter table messages drop column cache_write_tokens; alter table messages drop column cache_write_1h_tokens;
      delete from migrations where name in ('sqlite-0002-replies', 'sqlite-0003-usage', 'sqlite-0005-stats')`),
  )
  fill(home)
  expect(await home.json('session', 'list', '--json')).toMatchObject([{ title: 'One' }])
  expectProblem(await home.run('session', 'create', '--title', 'Two'), 1, 'the disk is full')
  fs.rmSync(home.path('fill'))
  await home.create('--title', 'Two')
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 2 })
})

test.each([
  ['many sessions', { sessions: 1000, messages: 10, chars: 2000 }],
  ['large sessions', { sessions: 6, messages: 2, chars: 900_000 }],
  ['huge messages', { sessions: 3, messages: 1, chars: 3_000_000 }],
])('an import of %s that fills a disk of 8 MB leaves room', async (_, shape) => {
  const small = smallHome('8m', shape)
  if (!small) return
  const { home, big } = small
  await home.create('--title', 'Before')
  expectProblem(await home.run('session', 'import', '-i', big), 1, 'the disk is full')
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 1, staged: 0, imports: 0, messages: 0 })
  expect(fs.statfsSync(home.dir)).toSatisfy(({ bavail, blocks }: fs.StatsFs) => bavail > blocks * 0.75)
  await okHere(home, 'session', 'import', '-i', home.write('small.json', backup({ sessions: 20, messages: 4 })))
  await home.create('--title', 'After')
})

test('an import that was killed on a disk of 8 MB is swept, and its space is free', async () => {
  const small = smallHome('8m', { sessions: 1000, messages: 10, chars: 2000 })
  if (!small) return
  const { home, big } = small
  await home.create('--title', 'Before')
  const child = startCli(['session', 'import', '-i', '-'], { cwd: home.dir, env: home.env })
  child.stderr.resume()
  child.stdin.on('error', () => undefined)
  child.stdin.write(fs.readFileSync(big, 'utf8').slice(0, 2_000_000))
  const ended = once(child, 'exit')
  await expect.poll(() => lookInto(home).staged, { timeout: 20_000 }).toBeGreaterThan(40)
  child.kill('SIGKILL')
  await ended
  expect(await home.json('session', 'list', '--json')).toHaveLength(1)
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 1, staged: 0, imports: 0, messages: 0 })
  expect(fs.statfsSync(home.dir)).toSatisfy(({ bavail, blocks }: fs.StatsFs) => bavail > blocks * 0.75)
})

test('an export that the disk cannot hold leaves the old file and no temporary one', async () => {
  const tiny = smallHome()
  if (!tiny) return
  const { home, big } = tiny
  const roomy = homeAt(path.dirname(home.dir))
  await okHere(roomy, 'session', 'import', '-i', big)
  home.write('all.json', 'before')
  expectProblem(await roomy.run('session', 'export', '--all', '-o', 'disk/all.json'), 1, 'cannot write disk/all.json: the disk is full')
  expect(fs.readdirSync(home.dir)).toEqual(['all.json'])
  expect(home.read('all.json')).toBe('before')
})

test('a limit on the size of files is as a full disk', async () => {
  const home = makeHome()
  home.write('big.json', backup({ sessions: 400, messages: 10, chars: 2000 }))
  await home.create('--title', 'Before')
  const limited = spawnSync('sh', ['-c', 'ulimit -f 600; exec "$0" "$@"', process.execPath, bin, 'session', 'import', '-i', 'big.json'], {
    cwd: home.dir,
    env: home.env,
    encoding: 'utf8',
  })
  expect(limited.status).toBe(1)
  expect(limited.stderr).toMatch(/^error: /m)
  expect(limited.stderr).not.toContain('bug in ainative-code')
  expect(await home.json('session', 'list', '--json')).toHaveLength(1)
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 1, staged: 0 })
})
