import fs from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { filledHome } from '../helpers/backup.ts'
import { type Home, here, makeHome, startCli } from '../helpers/cli.ts'
import { databaseOf, lookInto, openFile, withDatabase } from '../helpers/database.ts'
import { killAfterLines } from '../helpers/killed.ts'
import { expectProblem } from '../helpers/problem.ts'
import { AT_PROMPT, answer, openShell, openTerminal } from '../helpers/pty.ts'
import { filesIn, titles as titlesOf } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'
import { canBeAnother, giveAway, runAsAnother, smallDisk } from '../helpers/user.ts'

const titles = (home: Home) => titlesOf(here(home))

async function withTwo(): Promise<Home> {
  const home = makeHome()
  await home.create('--title', 'One')
  await here(home).ok('session', 'backup', home.path('b.db'))
  await home.create('--title', 'Two')
  return home
}

const keptIn = (home: Home) => filesIn(home, '.config/ainative-code').filter((name) => name.includes('before-restore'))

const UNUSABLE: [name: string, reason: string][] = [
  ['x'.repeat(300), 'the name is too long'],
  ['file/b.db', 'a part of its path is not a folder'],
  ['loop', 'its symbolic links form a loop'],
]

describe('backup', () => {
  test('writes one file that only its owner can read, and that is a database of its own', async () => {
    const home = makeHome()
    await killAfterLines(home, 'session create --title One')
    expect(await home.ok('session', 'backup', 'folder/b.db')).toMatch(/^Wrote a backup of 1 session \(\d+ kB\) to folder\/b\.db\n$/)
    expect(filesIn(home, 'folder')).toEqual(['b.db'])
    expect(fs.statSync(home.path('folder/b.db')).mode & 0o777).toBe(0o600)
    expect(await home.runWith({ env: { AINATIVE_DB_PATH: home.path('folder/b.db') } }, 'query', 'sessions.title')).toMatchObject({
      stdout: '"One"\n',
    })
  })

  test('replaces a file only with --force, and never the database', async () => {
    const home = await withTwo()
    const before = fs.readFileSync(home.path('b.db'))
    expectProblem(await home.run('session', 'backup', 'b.db'), 1, 'b.db already exists', 'hint: --force replaces it')
    expect(fs.readFileSync(home.path('b.db')).equals(before)).toBe(true)
    expect(await home.ok('session', 'backup', 'b.db', '--force')).toContain('2 sessions')
    fs.symlinkSync(databaseOf(home), home.path('link.db'))
    expectProblem(await home.run('session', 'backup', databaseOf(home), '--force'), 2, 'is the database itself')
    for (const file of [`${databaseOf(home)}-wal`, home.path('link.db')])
      expectProblem(await here(home).run('session', 'backup', file, '--force'), 2, 'is the database itself')
    expectProblem(await home.run('session', 'backup', '-'), 2, 'cannot write to standard output')
    expectProblem(await home.run('session', 'backup', '/dev/null', '--force'), 1, '/dev/null is not a regular file')
    expectProblem(await home.run('session', 'backup', home.dir, '--force'), 1, 'is a folder')
    expectProblem(await home.run('session', 'backup', '/proc/none/b.db'), 1, 'cannot write /proc/none/b.db')
    home.write('file', '')
    fs.symlinkSync('loop', home.path('loop'))
    for (const [name, reason] of UNUSABLE) {
      const file = home.path(name)
      expectProblem(await here(home).run('session', 'backup', file), 1, 'cannot write ', reason)
      expectProblem(await here(home).run('session', 'restore-backup', file, '--yes'), 1, 'cannot read ', reason)
    }
    for (const name of ['file', 'loop']) fs.rmSync(home.path(name))
    expect(filesIn(home)).toEqual(['b.db', 'link.db'])
  })

  test('writes what a symbolic link names where that is missing, and restore-backup creates it', async () => {
    const home = await withTwo()
    fs.mkdirSync(home.path('folder'))
    fs.symlinkSync('folder', home.path('there'))
    fs.symlinkSync('../new/c.db', home.path('folder/link.db'))
    await home.ok('session', 'backup', 'there/link.db')
    fs.symlinkSync(`${databaseOf(home)}-journal`, home.path('journal.db'))
    expectProblem(await home.run('session', 'backup', 'journal.db'), 2, 'is the database itself')
    fs.symlinkSync('new/s.db', home.path('s.db'))
    await home.runWith({ env: { AINATIVE_DB_PATH: home.path('s.db') } }, 'session', 'restore-backup', 'b.db', '--yes')
    for (const link of ['folder/link.db', 's.db']) expect(fs.lstatSync(home.path(link)).isSymbolicLink()).toBe(true)
    expect(filesIn(home, 'new')).toEqual(['c.db', 's.db'])
    expect(filesIn(home, 'folder')).toEqual(['link.db'])
  })

  test('needs a database', async () => {
    const home = makeHome()
    expectProblem(await home.run('session', 'backup', 'b.db'), 1, 'there is no database yet')
    expect(filesIn(home)).toEqual([])
  })

  test('is whole while other processes write', async () => {
    const home = await filledHome({ sessions: 1500, messages: 4 })
    const results = await Promise.all([
      home.run('session', 'backup', 'b.db'),
      ...Array.from({ length: 5 }, (_, i) => home.run('session', 'create', '--title', `Mine ${i}`)),
    ])
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0])
    const db = openFile(home.path('b.db'), { readonly: true })
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.prepare('select count(*) from messages').pluck().get()).toBe(6000)
    db.close()
  })

  test('Ctrl-C leaves no file', async () => {
    const home = await filledHome({ sessions: 1500, messages: 10, chars: 800 })
    const child = startCli(['session', 'backup', 'out/b.db'], { cwd: home.dir, env: home.env })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    fs.mkdirSync(home.path('out'))
    await expect.poll(() => fs.readdirSync(home.path('out')).length, { timeout: 20_000, interval: 1 }).toBeGreaterThan(0)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(filesIn(home, 'out')).toEqual([])
  })
})

describe('restore-backup', () => {
  test('replaces everything by the backup and keeps the previous database', async () => {
    const home = await withTwo()
    const said = await home.ok('session', 'restore-backup', 'b.db', '--yes')
    expect(said).toMatch(/^Restored 1 session from b\.db\nThe previous database is now .*sessions\.db\.before-restore-.*\n$/)
    expect(await titles(home)).toEqual(['One'])
    const [kept = ''] = keptIn(home)
    expect(filesIn(home, '.config/ainative-code')).toEqual(['sessions.db', kept])
    expect(
      await home.runWith({ env: { AINATIVE_DB_PATH: home.path('.config/ainative-code', kept) } }, 'query', '$count(sessions)'),
    ).toMatchObject({
      stdout: '2\n',
    })
    expect(lookInto(home)).toMatchObject({ integrity: 'ok' })
    await home.ok('session', 'restore-backup', home.path('.config/ainative-code', kept), '--yes')
    expect((await titles(home)).sort()).toEqual(['One', 'Two'])
  })

  test('asks first', async () => {
    const home = await withTwo()
    expectProblem(await home.run('session', 'restore-backup', 'b.db'), 2, '--yes skips the question')
    const no = await onTerminal(home, ['session', 'restore-backup', 'b.db'], [['[y/N]', 'n\r']])
    expect(no).toMatchObject({ code: 0, screen: expect.stringContaining('nothing was done') })
    expect(await titles(home)).toHaveLength(2)
    const yes = await onTerminal(home, ['session', 'restore-backup', 'b.db'], [['[y/N]', 'y\r']])
    expect(yes.screen).toMatch(/Replace all of .*sessions\.db with the 1 session in b\.db\?/)
    expect(await titles(home)).toEqual(['One'])
    expect(keptIn(home)).toHaveLength(1)
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s at the question leaves no copy of the backup', async (signal, code) => {
    const home = await withTwo()
    const terminal = openTerminal(home, ['session', 'restore-backup', 'b.db'])
    await terminal.until(/\[y\/N\]/)
    expect(filesIn(home, '.config/ainative-code')).toHaveLength(2)
    terminal.signal(signal)
    expect(await terminal.ended()).toMatchObject({ exitCode: code })
    expect(filesIn(home, '.config/ainative-code')).toEqual(['sessions.db'])
    expect(await titles(home)).toHaveLength(2)
  })

  test('SIGINT to a shell ends the question and leaves no copy of the backup', async () => {
    const home = await withTwo()
    const shell = await openShell(home)
    shell.type('session restore-backup b.db\r')
    await shell.until(/\[y\/N\]/)
    shell.signal('SIGINT')
    await shell.until(/\^C/)
    await shell.until(AT_PROMPT)
    await expect.poll(() => filesIn(home, '.config/ainative-code').filter((name) => name.endsWith('.tmp'))).toEqual([])
    await answer(shell, 'session create --title Three', /Created session/)
  })

  test('reaches a shell that has the database open', async () => {
    const home = await withTwo()
    const shell = await openShell(home)
    await answer(shell, 'session list', /Two/)
    await home.ok('session', 'restore-backup', 'b.db', '--yes')
    expect(await answer(shell, 'query sessions.title', /One/)).not.toContain('Two')
    await answer(shell, 'session create --title Three', /Created session/)
    await answer(shell, 'session restore-backup b.db --yes', /Restored 1 session/)
    await answer(shell, 'session create --title Four', /Created session/)
    shell.type('exit\r')
    await shell.ended()
    expect((await titles(home)).sort()).toEqual(['Four', 'One'])
    expect(lookInto(home)).toMatchObject({ integrity: 'ok' })
  })

  test('refuses what is no sound backup of this program, and changes nothing', async () => {
    const home = await withTwo()
    const sound = fs.readFileSync(home.path('b.db'))
    home.write('text.db', 'dear diary\n')
    home.write('empty.db', '')
    home.write('cut.db', sound.subarray(0, 40_000))
    home.write('damaged.db', Buffer.from(sound).fill(0xa5, 5 * 4096, 7 * 4096))
    openFile(home.path('other.db')).exec('create table t (a)').close()
    home.write('newer.db', sound)
    openFile(home.path('newer.db')).exec("insert into migrations values ('sqlite-9999-future', 1)").close()
    const before = fs.readFileSync(databaseOf(home))
    const says = {
      text: 'is not a SQLite',
      empty: 'is not a backup',
      cut: 'is damaged',
      damaged: 'is damaged',
      other: 'is not a backup',
      newer: 'newer version',
    }
    for (const [name, text] of Object.entries(says))
      expectProblem(await here(home).run('session', 'restore-backup', home.path(`${name}.db`), '--yes'), 1, `${name}.db`, text)
    expectProblem(await home.run('session', 'restore-backup', 'none.db', '--yes'), 1, 'there is no such file')
    expectProblem(await home.run('session', 'restore-backup', '/dev/zero', '--yes'), 1, 'is not a regular file')
    expectProblem(await home.run('session', 'restore-backup', databaseOf(home), '--yes'), 2, 'is the database itself')
    expect(fs.readFileSync(databaseOf(home)).equals(before)).toBe(true)
    expect(filesIn(home, '.config/ainative-code')).toEqual(['sessions.db'])
    expect(filesIn(home).filter((name) => name.endsWith('-wal') || name.endsWith('-shm'))).toEqual([])
  })

  test.each([
    ['damaged', (file: string) => fs.writeFileSync(file, fs.readFileSync(file).fill(0xa5, 4096))],
    ['not a database', (file: string) => fs.writeFileSync(file, 'dear diary\n')],
    ['missing', (file: string) => fs.rmSync(file)],
  ])('works where the database is %s', async (_, spoil) => {
    const home = await withTwo()
    spoil(databaseOf(home))
    const there = fs.existsSync(databaseOf(home))
    await home.ok('session', 'restore-backup', 'b.db', '--yes')
    expect(await titles(home)).toEqual(['One'])
    expect(keptIn(home)).toHaveLength(there ? 1 : 0)
  })

  test('works where a -wal file of another database is in the way, and keeps it', async () => {
    const home = await withTwo()
    await killAfterLines(home, 'session create --title Three')
    fs.copyFileSync(home.path('b.db'), databaseOf(home))
    await home.ok('session', 'restore-backup', 'b.db', '--yes')
    expect(await titles(home)).toEqual(['One'])
    expect(keptIn(home).map((name) => name.replace(/.*Z/, ''))).toEqual(['', '-shm', '-wal'])
  })

  test('a database of another program stays', async () => {
    const home = await withTwo()
    const env = { AINATIVE_DB_PATH: home.path('other.db') }
    openFile(home.path('other.db')).exec('create table t (a)').close()
    expectProblem(await home.runWith({ env }, 'session', 'restore-backup', 'b.db', '--yes'), 1, 'of another program')
    expect(filesIn(home)).toEqual(['b.db', 'other.db'])
  })

  test('waits for another writer, then says so and changes nothing', async () => {
    const home = await withTwo()
    const result = await withDatabase(home, async (db) => {
      db.exec('begin immediate')
      const running = await home.run('session', 'restore-backup', 'b.db', '--yes')
      db.exec('rollback')
      return running
    })
    expectProblem(result, 1, 'another process has locked the database')
    expect(await titles(home)).toHaveLength(2)
    expect(filesIn(home, '.config/ainative-code')).toEqual(['sessions.db'])
  })
})

describe('a database that cannot be reached', () => {
  test.each([
    ['below a regular file', 'file/s.db', 'ENOTDIR'],
    ['in a folder whose name is too long', `${'x'.repeat(300)}/s.db`, 'ENAMETOOLONG'],
  ])('%s is named by backup and by restore-backup', async (_, place, reason) => {
    const home = await withTwo()
    home.write('file', '')
    const env = { AINATIVE_DB_PATH: home.path(place) }
    const message = `cannot open the database ${home.path(place)}: ${reason}`
    expectProblem(await home.runWith({ env }, 'session', 'restore-backup', 'b.db', '--yes'), 1, message)
    expectProblem(await home.runWith({ env }, 'session', 'backup', 'c.db'), 1, message)
    expect(filesIn(home)).toEqual(['b.db', 'file'])
  })

  test.skipIf(!canBeAnother())('in a folder of another user is named by backup and by restore-backup', async () => {
    const home = await withTwo()
    giveAway(home)
    const root = makeHome()
    fs.chmodSync(root.dir, 0o755)
    fs.mkdirSync(root.path('closed'), { mode: 0o700 })
    const sound = root.write('closed/s.db', fs.readFileSync(home.path('b.db')))
    const env = { ...home.env, AINATIVE_DB_PATH: sound, XDG_CACHE_HOME: '' }
    const message = `cannot open the database ${sound}: EACCES`
    expectProblem(runAsAnother(home, ['session', 'restore-backup', 'b.db', '--yes'], env), 1, message)
    expectProblem(runAsAnother(home, ['session', 'backup', 'c.db'], env), 1, message)
    expect(fs.readdirSync(root.path('closed'))).toEqual(['s.db'])
  })

  test.skipIf(!canBeAnother())('in a folder that cannot be written is named by restore-backup, and not the backup', async () => {
    const home = await withTwo()
    giveAway(home)
    const root = makeHome()
    fs.chmodSync(root.dir, 0o755)
    const env = { ...home.env, AINATIVE_DB_PATH: root.path('s.db'), XDG_CACHE_HOME: '' }
    const message = `cannot open the database ${root.path('s.db')}: EACCES`
    expectProblem(runAsAnother(home, ['session', 'restore-backup', 'b.db', '--yes'], env), 1, message)
    root.write('s.db', '')
    expectProblem(runAsAnother(home, ['session', 'restore-backup', 'b.db', '--yes'], env), 1, message)
    fs.chmodSync(home.path('b.db'), 0)
    expectProblem(runAsAnother(home, ['session', 'restore-backup', 'b.db', '--yes'], home.env), 1, `${home.path('b.db')}: EACCES`)
  })

  test('on a full disk is named by restore-backup, and not the backup', async () => {
    const home = await withTwo()
    const disk = smallDisk(home.path('disk'), '64k')
    if (!disk) return
    onTestFinished(disk.remove)
    const env = { AINATIVE_DB_PATH: home.path('disk/s.db') }
    const result = await home.runWith({ env }, 'session', 'restore-backup', 'b.db', '--yes')
    expectProblem(result, 1, `the disk is full: nothing can be written to ${home.path('disk/s.db')}`)
    expect(fs.readdirSync(home.path('disk'))).toEqual([])
  })
})
