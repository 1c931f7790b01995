import fs from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change, Host } from '../../core/index.ts'
import { rebuildIndex } from '../../plugins/search/index.ts'
import { accessTo } from '../../plugins/sqlite/index.ts'
import { hostOn } from '../../scripts/host.ts'
import { here, makeHome } from '../helpers/cli.ts'
import { withDatabase } from '../helpers/database.ts'
import { answer, openShell, openTerminal } from '../helpers/pty.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { rounds } from '../helpers/thin.ts'
import { traces } from '../helpers/traces.ts'
import { freeze, smallDisk } from '../helpers/user.ts'

const watcher = { progress: () => undefined, signal: new AbortController().signal }

/** Every word of the index with its rows. */
async function wordsIn(host: Host): Promise<string[]> {
  const access = await accessTo(host)
  access?.connection.exec('create virtual table if not exists temp.words using fts5vocab(main, search_index, instance)')
  return access?.connection.prepare("select term || ' ' || doc from temp.words").pluck().all() as string[]
}

async function rebuilt(host: Host): Promise<string[]> {
  const access = await accessTo(host)
  if (!access) throw new Error('no database')
  await rebuildIndex(access, watcher)
  return wordsIn(host)
}

const TEXTS = ['alpha beta', 'getUserById 3.5', 'naïve 認証の', '', '\ud800 lone', 'alpha alpha', 'x'.repeat(3000)]
const time = '2024-01-01T10:30:00Z'
const message = (id: number, text: string) => ({ id: `m${id}`, role: 'user' as const, content: text, timestamp: time })
const session = (number: number, text: string) => ({
  ...{ id: `s${String(number).padStart(11, '0')}`, title: text || 'untitled', status: 'active' as const, provider: null, model: null },
  ...{ tags: [], metadata: {}, created_at: time, updated_at: time },
})

type Step = [kind: number, which: number, text: number]

/** The change of a step, of one of four sessions; undefined where there is nothing to change. */
function changeOf([kind, which, text]: Step, there: Set<string>, next: () => number): Change | undefined {
  const words = TEXTS[text] as string
  const made = session(which, words)
  const { id } = made
  if (!there.has(id)) {
    there.add(id)
    return { id, create: made, append: [message(next(), words)] }
  }
  const parts = [{ type: 'tool-call', name: 'grep', input: { pattern: words } }]
  if (kind === 0) return { id, append: [{ ...message(next(), words), parts }, message(next(), 'more')] }
  if (kind === 1) return { id, replace: [message(which, words)] }
  if (kind === 2) return { id, removeMessages: [`m${which}`, `m${text}`] }
  if (kind === 3) return { id, set: { title: words || 'none' } }
  if (kind === 4) return { id, set: { deleted_at: time } }
  there.delete(id)
  return { id, remove: true }
}

test('after every history the index is the one that is made anew', { timeout: 120_000 }, async () => {
  const step = fc.tuple(fc.nat(5), fc.nat(3), fc.nat(TEXTS.length - 1))
  const run = fc.tuple(fc.array(step, { maxLength: 25 }), fc.nat(25))
  await fc.assert(
    fc.asyncProperty(run, async ([steps, at]) => {
      const host = hostOn(here(makeHome()).path('history.db'))
      try {
        const store = await host.store()
        const there = new Set<string>()
        let last = 0
        for (const [i, each] of steps.entries()) {
          // From here on the index follows; what was there before is added with the first search.
          if (i === at) await rebuilt(host)
          const change = changeOf(each, there, () => ++last)
          if (change) await store.save([change])
        }
        if (at >= steps.length) return
        const kept = await wordsIn(host)
        expect(kept).toEqual(await rebuilt(host))
      } finally {
        await host.close()
      }
    }),
    { numRuns: rounds(40) },
  )
})

test('a process that found the index lost follows the new one', async () => {
  const host = hostOn(here(makeHome()).path('lost.db'))
  const store = await host.store()
  const access = await accessTo(host)
  access?.connection.exec('drop table search_index; drop table search_state; drop table search_stale')
  const make = (number: number) => {
    const made = session(number, `title ${number}`)
    return { id: made.id, create: made, append: [message(number, `text ${number}`)] }
  }
  await store.save([make(1), make(2)])
  await rebuilt(host)
  await store.save([{ id: make(2).id, remove: true }])
  await store.save([make(3)])
  expect(await wordsIn(host)).toEqual(await rebuilt(host))
  await host.close()
})

/** The database as a version without the index left it. */
const withoutIndex = (home: ReturnType<typeof makeHome>) =>
  withDatabase(home, (db) => {
    db.exec("drop table search_index; drop table search_state; drop table search_stale; delete from migrations where name like 'search-%'")
  })

const found = async (home: ReturnType<typeof makeHome>, ...words: string[]) =>
  (await home.json('session', 'search', '--format', 'json', ...words)).map(({ id }: { id: string }) => id)

test('a database from before is indexed at the first search', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { messages: talk('needle') }), sample(2))
  withoutIndex(home)
  expect(await found(home, 'needle')).toEqual(['sample000001'])
})

test('imports, merges, titles, the trash and copies are followed', async () => {
  const home = here(makeHome())
  const own = sample(1, { title: 'Old title', messages: talk('first') })
  await seed(home, own)
  expect(await found(home, 'first')).toEqual(['sample000001'])
  await home.ok(
    'session',
    'import',
    '--merge',
    '-i',
    home.write('more.json', JSON.stringify({ ...own, messages: [...own.messages, ...talk('x', 'second')] })),
  )
  expect(await found(home, 'second')).toEqual(['sample000001'])
  await home.ok('session', 'rename', 'sample000001', 'New name')
  expect([await found(home, 'old', '--in', 'title'), await found(home, 'name')]).toEqual([[], ['sample000001']])
  const fork = JSON.parse(await home.ok('session', 'fork', 'sample000001', '--json')).id
  expect((await found(home, 'second')).sort()).toEqual([fork, 'sample000001'].sort())
  await home.ok('session', 'delete', fork, '--force')
  expect(await found(home, 'second')).toEqual(['sample000001'])
  expect(await found(home, 'second', '--status', 'deleted')).toEqual([fork])
  await home.ok('session', 'restore', fork)
  expect(await found(home, 'second')).toHaveLength(2)
})

test('purge leaves no word of a session in the index', async () => {
  const home = here(makeHome())
  const secrets = ['zanzibar', 'quokka', 'xylophone', 'grepword']
  const parts = [{ type: 'tool-call', name: 'run', input: { command: 'grepword' } }]
  await seed(
    home,
    sample(1, { title: 'Zanzibar', messages: [{ ...talk('Quokka xylophone')[0], role: 'user', content: 'Quokka xylophone', parts }] }),
    ...Array.from({ length: 30 }, (_, i) => sample(i + 2, { messages: talk(`other words ${i}`) })),
  )
  expect(await found(home, 'quokka')).toEqual(['sample000001'])
  expect(traces(home, secrets)).toEqual(secrets)
  await home.ok('session', 'delete', 'sample000001', '--force')
  await home.ok('session', 'purge', 'sample000001', '--force')
  expect(traces(home, [...secrets, 'seed'])).toEqual([])
  expect(await found(home, 'other', '-n', '50')).toHaveLength(30)
})

test.each([
  ['its words are damaged', "update search_index_data set block = x'00112233' where id > 10"],
  ['all of it is damaged', "update search_index_data set block = x'ff'"],
  ['its tables are gone', 'drop table search_index_data; drop table search_index_idx'],
  ['its settings are gone', 'drop table search_index_config'],
  ['it is gone', 'drop table search_index'],
  ['what it knows of itself is gone', 'drop table search_state; drop table search_stale'],
  ['all of it is gone', 'drop table search_index; drop table search_state; drop table search_stale'],
])('where %s, nothing is lost and the next search makes it anew', async (_, damage) => {
  const home = here(makeHome())
  await seed(
    home,
    ...Array.from({ length: 20 }, (_, i) => sample(i + 1, { messages: talk(`needle ${i} ${'many words '.repeat(20)}`, 'reply') })),
  )
  expect(await found(home, 'needle', '-n', '30')).toHaveLength(20)
  withDatabase(home, (db) => {
    db.unsafeMode(true)
    db.exec(damage)
  })
  await home.ok('session', 'rename', 'sample000001', 'Renamed')
  await home.ok('session', 'delete', 'sample000002', '--force')
  await home.ok('session', 'purge', 'sample000002', '--force')
  await seed(home, sample(30, { messages: talk('needle in a new one') }))
  expect(await home.json('session', 'list', '--all', '--format', 'json')).toHaveLength(20)
  expect(await found(home, 'needle', '-n', '30')).toHaveLength(20)
  expect(await found(home, 'renamed')).toEqual(['sample000001'])
  expect(withDatabase(home, (db) => db.pragma('integrity_check', { simple: true }))).toBe('ok')
  expect((await home.run('doctor')).stdout).toMatch(/^ok +search index$/m)
})

test('a search beside an import finds what was there, and does not make the import fail', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { messages: talk('needle') }))
  withDatabase(home, (db) => {
    db.exec("insert into imports (pid, host, beat_at) values (1, 'elsewhere', 9e15)")
    db.exec(
      "insert into sessions (id, title, title_key, status, tags, metadata, created_at, updated_at, staged) values ('staged000001', 'needle', '', 'active', '[]', '{}', 0, 0, 1)",
    )
    db.exec(
      "insert into messages (session, seq, id, role, content, state, created_at) values (last_insert_rowid(), 1, 'x', 'user', 'needle', 'complete', 0)",
    )
  })
  expect(await found(home, 'needle')).toEqual(['sample000001'])
})

test('a database that cannot be written is searched, also what its index lacks', async ({ skip }) => {
  const home = here(makeHome())
  await seed(home, sample(1, { messages: talk('needle one') }))
  withoutIndex(home)
  const frozen = freeze(home.path('.config/ainative-code'))
  if (!frozen) return skip('a folder that cannot be written takes root and mount')
  try {
    expect(await found(home, 'needle')).toEqual(['sample000001'])
    expect(await home.ok('session', 'list', '--text', 'needle')).toContain('sample000001')
  } finally {
    frozen.thaw()
  }
})

test('while another process writes, the index that is there is searched, and a note says so', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { messages: talk('needle one') }))
  withDatabase(home, (db) =>
    db.exec(
      "insert into messages (session, seq, id, role, content, state, created_at) values (1, 2, 'x', 'user', 'haystack', 'complete', 0)",
    ),
  )
  await withDatabase(home, async (db) => {
    db.exec('begin immediate')
    const { stdout, stderr } = await home.run('session', 'search', 'needle', '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject([{ id: 'sample000001' }])
    expect(stderr).toBe('the newest messages were not searched, because the index cannot be updated now\n')
    db.exec('rollback')
  })
  expect(await found(home, 'haystack')).toEqual(['sample000001'])
})

test('Ctrl-C ends the making of the index, and the next search goes on with it', async () => {
  const home = here(makeHome())
  const messages = Array.from({ length: 400 }, (_, i) => ({
    role: 'user',
    content: `needle${i} ${'many words '.repeat(2000)}`,
    timestamp: '2024-01-01T10:30:00Z',
  }))
  await seed(home, ...[1, 2, 3].map((number) => sample(number, { messages })))
  withoutIndex(home)
  const terminal = openTerminal(home, ['session', 'search', 'needle7'])
  await terminal.until(/indexing messages: \d+ %/)
  terminal.type('\x03')
  expect(await terminal.ended()).toMatchObject({ exitCode: 130 })
  const done = withDatabase(home, (db) => db.prepare('select messages from search_state').pluck().get()) as number
  expect(done).toBeGreaterThan(0)
  expect(done).toBeLessThan(1200)
  expect(await found(home, 'needle399')).toHaveLength(3)
})

test.each(['search_index_docsize', 'search_index_idx', 'search_index_data', 'search_index_config'])(
  'without the table %s writes go on, doctor tells it, and a search mends it',
  async (table) => {
    const home = here(makeHome())
    await seed(home, sample(1, { title: 'First', messages: talk('needle') }))
    expect(await found(home, 'needle')).toEqual(['sample000001'])
    withDatabase(home, (db) => {
      db.unsafeMode(true)
      db.exec(`pragma writable_schema = on; drop table ${table}`)
    })
    expect((await home.run('doctor')).stdout).toMatch(/^problem {2}search index: /m)
    await home.ok('session', 'rename', 'sample000001', 'Second')
    await home.ok('session', 'create', '--title', 'Third')
    await seed(home, sample(2, { messages: talk('needle') }))
    expect((await found(home, 'needle')).sort()).toEqual(['sample000001', 'sample000002'])
    expect(await found(home, 'second')).toEqual(['sample000001'])
    expect((await home.run('doctor')).stdout).toMatch(/^ok +search index$/m)
  },
)

test('an index that is lost under an open shell hinders no write, and leaves no purged word', async () => {
  const home = here(makeHome())
  await seed(home, sample(1, { title: 'Quokka', messages: talk('zanzibar') }), sample(2, { messages: talk('needle') }))
  expect(await found(home, 'zanzibar')).toEqual(['sample000001'])
  const shell = await openShell(home)
  await answer(shell, 'session rename sample000002 Two', /Renamed/)
  withDatabase(home, (db) => db.exec('drop table search_stale; drop table search_state; drop table search_index'))
  await answer(shell, 'session rename sample000002 Three', /Renamed/)
  await answer(shell, 'session search zanzibar', /zanzibar/)
  await answer(shell, 'session delete sample000001', /Deleted/)
  await answer(shell, 'session purge sample000001 --force', /Permanently removed/)
  shell.type('\x04')
  await shell.ended()
  expect(traces(home, ['quokka', 'zanzibar', 'seed'])).toEqual([])
  expect(await found(home, 'three')).toEqual(['sample000002'])
})

test('without an index and without room for one, messages are read one by one', async ({ skip }) => {
  const home = makeHome()
  const disk = smallDisk(home.path('.config/ainative-code'), '3M')
  if (!disk) return skip('a full disk takes root and mount')
  try {
    await seed(home, sample(1, { messages: talk('needle one') }), sample(2))
    withoutIndex(home)
    await home.ok('session', 'list')
    withDatabase(home, (db) => db.exec('drop table search_index; drop table search_state; drop table search_stale'))
    const free = () => fs.statfsSync(home.path('.config/ainative-code')).bavail
    fs.writeFileSync(
      home.path('.config/ainative-code/fill'),
      Buffer.alloc(Math.max(0, free() - 4) * fs.statfsSync(home.path('.config/ainative-code')).bsize),
    )
    expect(await found(home, 'needle')).toEqual(['sample000001'])
    expect(await home.ok('session', 'list', '--text', 'needle')).toContain('sample000001')
    expect(await home.json('query', '$search("needle").session_id')).toBe('sample000001')
  } finally {
    disk.remove()
  }
})
