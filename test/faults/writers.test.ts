import { expect, test } from 'vitest'
import { backup, idOf } from '../helpers/backup.ts'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { lookInto } from '../helpers/database.ts'
import { LONG } from '../helpers/thin.ts'

const WRITERS = LONG ? 20 : 8

/** Runs commands at once; every one has to succeed. */
async function together(home: Home, commands: string[][]): Promise<void> {
  const results = await Promise.all(commands.map((argv) => home.run(...argv)))
  expect(results.filter(({ code }) => code !== 0)).toEqual([])
}

const times = (make: (i: number) => string[]) => Array.from({ length: WRITERS }, (_, i) => make(i))

test('processes that make the database together all find their session in it', async () => {
  for (let round = 0; round < (LONG ? 3 : 1); round++) {
    const home = makeHome()
    await together(
      home,
      times((i) => ['session', 'create', '--title', `Of ${i}`]),
    )
    expect(await here(home).json('session', 'list', '--all', '--json')).toHaveLength(WRITERS)
    expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: WRITERS })
  }
})

test('processes that change one session lose no change of another', async () => {
  const home = makeHome()
  const id = await home.create('--title', 'One')
  await together(home, [...times((i) => ['session', 'tag', id, `tag${i}`]), ...times((i) => ['session', 'meta', id, `key${i}`, `${i}`])])
  const [row] = await here(home).json('session', 'list', '--json')
  expect(row.tags).toHaveLength(WRITERS)
  expect(Object.keys(row.metadata)).toHaveLength(WRITERS)
})

test('two imports of one file at once: one lands whole, the other is refused', async () => {
  const home = makeHome()
  // Two transactions of an import.
  home.write('b.json', backup({ sessions: 800 }))
  const results = await Promise.all([1, 2].map(() => home.run('session', 'import', '-i', 'b.json')))
  expect(results.map(({ code }) => code).sort()).toEqual([0, 1])
  expect(results.find(({ code }) => code === 1)?.stderr).toContain('there is already a session')
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', foreign: 0, sessions: 800, staged: 0, imports: 0, messages: 1600 })
})

test('merging imports of one file at once add each message once', async () => {
  const home = makeHome()
  home.write('b.json', backup({ sessions: 600, messages: 4 }))
  await together(
    home,
    [1, 2, 3].map(() => ['session', 'import', '-i', 'b.json', '--merge']),
  )
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 600, staged: 0, imports: 0, messages: 2400 })
})

test('others write while an import, a delete and a purge of many run', async () => {
  const home = makeHome()
  home.write('b.json', backup({ sessions: 1500, messages: 3 }))
  const create = (from: number) => Array.from({ length: 4 }, (_, i) => ['session', 'create', '--title', `Mine ${from + i}`])
  await together(home, [['session', 'import', '-i', 'b.json'], ...create(0)])
  await together(home, [['session', 'delete', '--before', '2024-01-31'], ...create(4)])
  await together(home, [['session', 'purge', '--all', '--force'], ...create(8)])
  expect(await here(home).json('session', 'list', '--search', 'mine', '--all', '--json')).toHaveLength(12)
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', foreign: 0, sessions: 12 })
})

test('an id taken by another process meanwhile fails one of them and mixes nothing', async () => {
  const home = makeHome()
  home.write('b.json', backup({ sessions: 1, messages: 3 }))
  await Promise.all([1, 2, 3, 4, 5].map(() => home.run('session', 'import', '-i', 'b.json')))
  expect(JSON.parse(await here(home).ok('session', 'export', idOf(0), '-o', '-')).messages).toHaveLength(3)
})
