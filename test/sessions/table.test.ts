import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

const wide = [
  sample(1, { title: '数据库迁移计划与回滚策略讨论记录', messages: talk('a', 'b') }),
  sample(2, { title: '🚀 Launch 👩‍👩‍👧‍👦 family 🇩🇪 flag and more text' }),
  sample(3, { title: 'Plain title that is rather long for a terminal' }),
  sample(4, { title: 'e\u0301te\u0301 한국어 제목 ｆｕｌｌ' }),
]

test('the table is fitted to the width of the terminal by display columns', async () => {
  const home = makeHome()
  await seed(home, ...wide)
  const at = async (columns: number) => (await home.runWith({ env: { COLUMNS: String(columns) } }, 'session', 'list')).stdout
  expect(await at(60)).toMatchInlineSnapshot(`
    "ID           TITLE                 CREATED          MESSAGES
    sample000004 été 한국어 제목 ｆｕ… 2024-01-04 10:30 0
    sample000003 Plain title that is … 2024-01-03 10:30 0
    sample000002 🚀 Launch 👩‍👩‍👧‍👦 family … 2024-01-02 10:30 0
    sample000001 数据库迁移计划与回滚… 2024-01-01 10:30 2
    "
  `)
  expect(await at(52)).toMatchInlineSnapshot(`
    "ID           TITLE         CREATED          MESSAGES
    sample000004 été 한국어 …  2024-01-04 10:30 0
    sample000003 Plain title … 2024-01-03 10:30 0
    sample000002 🚀 Launch 👩‍👩‍👧‍👦… 2024-01-02 10:30 0
    sample000001 数据库迁移计… 2024-01-01 10:30 2
    "
  `)
})

test('a title is not cut where there is room, nor where the width is unknown', async () => {
  const home = makeHome()
  await seed(home, ...wide)
  const [unknown, broad] = await Promise.all([
    home.ok('session', 'list'),
    home.runWith({ env: { COLUMNS: '200' } }, 'session', 'list').then(({ stdout }) => stdout),
  ])
  expect(unknown).toBe(broad)
  for (const { title } of wide) expect(unknown).toContain(` ${title} `)
})

test('ids, dates and counts stay whole in a terminal that is too narrow', async () => {
  const home = makeHome()
  await seed(home, sample(3, { title: 'Plain title' }))
  expect((await home.runWith({ env: { COLUMNS: '20' } }, 'session', 'list')).stdout).toMatchInlineSnapshot(`
    "ID           TITLE    CREATED          MESSAGES
    sample000003 Plain t… 2024-01-03 10:30 0
    "
  `)
})

test('a title with line breaks, tabs or control characters takes one escapeControls line', async () => {
  const home = makeHome()
  await seed(home, sample(1, { title: 'a\r\nb\tc\u2028d\x1b[31mred\x07\u202eevil' }))
  const { stdout } = await home.runWith({ env: { COLUMNS: '80' } }, 'session', 'list')
  expect(stdout).toMatchInlineSnapshot(`
    "ID           TITLE                 CREATED          MESSAGES
    sample000001 a b c d␛[31mred␇�evil 2024-01-01 10:30 0
    "
  `)
})

test('a terminal has a bold header, dim ids, tags, the active session, and only the columns for which there is room', async () => {
  const home = makeHome()
  await seed(
    home,
    sample(1, { title: 'Plain title that is rather long', metadata: { tags: ['go', 'a\u001b[31m', 'b', 'c'] } }),
    sample(2, { title: 'Pinned', metadata: { pinned: true } }),
    sample(3, { title: 'Active' }),
  )
  await home.ok('session', 'use', 'Active')
  const at = async (cols: number, env: NodeJS.ProcessEnv = {}) =>
    (await onTerminal(home, ['ls'], [], env, cols)).screen.replaceAll('\r', '').replaceAll('\x1b', '^')
  const [wide, forty, twenty, plain] = [
    await at(100),
    await at(40, { NO_COLOR: '1' }),
    await at(20, { TERM: 'dumb', LANG: 'C' }),
    await home.ok('ls'),
  ]
  expect(`${wide}${forty}${twenty}${plain}`).toMatchInlineSnapshot(`
    "^[1mID^[22m           ^[1mTITLE^[22m                           ^[1mTAGS^[22m             ^[1mCREATED^[22m          ^[1mMESSAGES^[22m
    ^[2msample000002^[22m * Pinned                                         2024-01-02 10:30 0
    ^[2msample000003^[22m ^[32m> Active^[39m                                         2024-01-03 10:30 0
    ^[2msample000001^[22m Plain title that is rather long ^[36mgo, a␛[31m, b, …^[39m 2024-01-01 10:30 0
    ID           TITLE              MESSAGES
    sample000002 * Pinned           0
    sample000003 > Active           0
    sample000001 Plain title that … 0
    ID           TITLE
    sample000002 * Pinn~
    sample000003 > Acti~
    sample000001 Plain ~
    ID           TITLE                           CREATED          MESSAGES
    sample000002 * Pinned                        2024-01-02 10:30 0
    sample000003 Active                          2024-01-03 10:30 0
    sample000001 Plain title that is rather long 2024-01-01 10:30 0
    "
  `)
})
