import { describe, expect, test } from 'vitest'
import { here, homeAt, makeHome, startCli } from '../helpers/cli.ts'
import { failure, sample, samples, script, seed, talk, titles } from '../helpers/seed.ts'
import { traces } from '../helpers/traces.ts'

const secret = (name: string, times = 1) => `secret-${name}-${'x'.repeat(times)} `.repeat(times)

describe('purge', () => {
  test('takes sessions in the trash, and only those', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(3))
    expect(await failure(home, 1, ['session', 'purge', 'sample000001'])).toMatchInlineSnapshot(`
      "error: the session sample000001 is not in the trash
      hint: ainative-code session delete sample000001 moves it there
      "
    `)
    await home.ok('session', 'delete', 'sample000001', 'sample000002')
    expect(await home.ok('session', 'purge', 'sample000001')).toMatchInlineSnapshot(`
      "Permanently removed sample000001
      "
    `)
    expect([await titles(home), await titles(home, '--status', 'deleted')]).toEqual([['Session 3'], ['Session 2']])
    expect((await home.run('session', 'restore', 'sample000001')).code).toBe(1)
    await seed(home, sample(1))
    expect(await titles(home)).toEqual(['Session 3', 'Session 1'])
  })

  test('--all needs --confirm or --force and leaves what is not in the trash; --dry-run lists', async () => {
    const program = makeHome()
    const home = here(program)
    await seed(home, ...samples(3))
    await home.ok('session', 'delete', 'sample000001', 'sample000002')
    const [all, confirm, none] = await Promise.all(
      [['--all'], ['--all', '--confirm'], []].map((flags) => failure(program, 2, ['session', 'purge', ...flags])),
    )
    expect(`${all}${confirm}${none}`).toMatchInlineSnapshot(`
      "error: session purge --all requires --confirm (ask first) or --force (do not ask)
      error: confirmation required, but standard input is not a terminal
      hint: --force skips the question
      error: session purge requires session ids or selection flags
      hint: ainative-code session purge --help
      "
    `)
    expect(await home.ok('session', 'purge', '--all', '--dry-run')).toMatchInlineSnapshot(`
      "sample000002 Session 2
      sample000001 Session 1
      2 sessions would be permanently removed
      "
    `)
    expect(await home.ok('session', 'purge', '--all', '--force')).toMatchInlineSnapshot(`
      "Permanently removed 2 sessions
      "
    `)
    expect([await titles(home), await titles(home, '--status', 'deleted')]).toEqual([['Session 3'], []])
  })

  test('--older-than goes by the time of the deletion', async () => {
    const home = here(makeHome())
    await seed(home, ...samples(2))
    await home.ok('session', 'delete', 'sample000001')
    await home.ok('session', 'purge', '--older-than', '30d')
    expect(await titles(home, '--status', 'deleted')).toEqual(['Session 1'])
    await home.ok('session', 'purge', '--before', '2024-01-02')
    expect([await titles(home), await titles(home, '--status', 'deleted')]).toEqual([['Session 2'], []])
  })
})

describe('after a purge no byte of a session is left', () => {
  const full = (number: number, size: number) =>
    sample(number, {
      title: `Session ${number} ${secret('title', 3)}`,
      provider: 'secret-provider',
      model: 'secret-model',
      metadata: { tags: ['secret-tag'], project: 'secret-project', note: secret('note', 20) },
      origin: { from: 'secret-origin' },
      unknown: 'secret-extra',
      messages: [...talk(secret('first', size), secret('second', 5)), { role: 'user', content: `secret-lone \ud800`, name: 'secret-name' }],
    })
  const words = ['title', 'provider', 'model', 'tag', 'project', 'note', 'origin', 'extra', 'first', 'second', 'lone', 'name'].map(
    (name) => `secret-${name}`,
  )

  test('where it stood alone', async () => {
    const home = here(makeHome())
    await seed(home, full(1, 40))
    expect(traces(home, words)).toEqual(words)
    await home.ok('session', 'delete', 'sample000001')
    await home.ok('session', 'purge', 'sample000001')
    expect(traces(home, [...words, 'secret', 'sample000001'])).toEqual([])
  })

  test('after renames, changes of its tags and metadata, a branch, and imports that met it', async () => {
    const home = here(makeHome())
    await seed(home, full(1, 40))
    const brought = (word: string) => home.write(`${word}.json`, JSON.stringify(sample(1, { title: word, messages: talk(word) })))
    await script(
      home,
      ...Array.from({ length: 20 }, (_, i) => `session rename sample000001 "secret-rename-${i} ${'y'.repeat(i * 30)}"`),
      ...Array.from({ length: 20 }, (_, i) => `session meta sample000001 key${i % 5} "secret-meta-${i} ${'z'.repeat(i * 50)}"`),
      ...Array.from({ length: 20 }, (_, i) => `session tag sample000001 secret-tag-${i}`),
      'session untag sample000001 secret-tag-3 secret-tag-4',
      'session meta sample000001 --unset note',
      `session import -i ${brought('secret-skipped')} --skip-existing`,
      `session import -i ${brought('secret-merged')} --merge`,
      'session fork sample000001 --title secret-branch',
    )
    await home.ok('session', 'delete', '--all', '--force')
    expect(traces(home, ['secret-rename', 'secret-meta', 'secret-merged', 'secret-branch', 'secret-first'])).toHaveLength(5)
    expect(await home.ok('session', 'purge', '--all', '--force')).toBe('Permanently removed 2 sessions\n')
    expect(traces(home, ['secret', 'sample000001'])).toEqual([])
  })

  test('among many other sessions, which stay whole', async () => {
    const home = makeHome()
    const size = (i: number, most: number) => (i * 7919) % most
    const all = Array.from({ length: 300 }, (_, i) =>
      i % 3 ? sample(i + 1, { messages: talk('k'.repeat(size(i, 6000))) }) : full(i + 1, size(i, 60) + 1),
    )
    await seed(home, ...all)
    const hit = all.filter((_, i) => i % 3 === 0).map(({ id }) => id)
    await script(
      home,
      ...hit.slice(0, 60).map((id, i) => `session rename ${id} "Session ${i * 5} secret-new ${'n'.repeat(size(i, 900))}"`),
      ...hit.slice(30).map((id, i) => `session meta ${id} more "secret-more ${'m'.repeat(size(i, 900))}"`),
      ...hit.slice(20, 80).map((id, i) => `session meta ${id} project "secret-project-${i} ${'p'.repeat(size(i, 300))}"`),
      ...hit.slice(0, 60).map((id, i) => `session rename ${id} "Session ${i * 3} secret-newer ${'n'.repeat(size(i, 90))}"`),
    )
    const kept = await home.ok('session', 'export', '--where', '$not($contains(title, "secret"))', '--format', 'jsonl', '-o', '-')
    expect(kept.trim().split('\n')).toHaveLength(200)
    await here(home).ok('session', 'delete', '--search', 'secret')
    await script(home, ...hit.slice(0, 50).map((id) => `session purge ${id}`))
    await home.ok('session', 'purge', '--all', '--force')
    expect(traces(home, [...words, 'secret-new', 'secret-more', 'secret', ...hit])).toEqual([])
    expect(await here(home).ok('session', 'export', '--all', '--format', 'jsonl', '-o', '-')).toBe(kept)
  })

  test('with a shell open beside it that has read it', async () => {
    const home = here(makeHome())
    await seed(home, full(1, 40), sample(2))
    const shell = startCli([], { cwd: home.dir, env: home.env })
    const read = new Promise((resolve) => shell.stdout.on('data', (data) => String(data).includes('Session:') && resolve(data)))
    shell.stdin.write('session show sample000001 --summary\n')
    await read
    await script(home, 'session rename sample000001 secret-again', 'session delete sample000001', 'session purge sample000001')
    expect(traces(home, ['secret', 'sample000001'])).toEqual([])
    const ended = new Promise((resolve) => shell.on('exit', resolve))
    shell.stdin.end('session list --format jsonl\n')
    expect(await ended).toBe(0)
    expect(await homeAt(home.dir).ok('session', 'list', '--all', '--format', 'csv')).toContain('sample000002')
  })
})
