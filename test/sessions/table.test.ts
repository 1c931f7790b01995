import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { sample, seed, talk } from '../helpers/seed.ts'

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

test('a title with line breaks, tabs or control characters takes one harmless line', async () => {
  const home = makeHome()
  await seed(home, sample(1, { title: 'a\r\nb\tc\u2028d\x1b[31mred\x07\u202eevil' }))
  const { stdout } = await home.runWith({ env: { COLUMNS: '80' } }, 'session', 'list')
  expect(stdout).toMatchInlineSnapshot(`
    "ID           TITLE                 CREATED          MESSAGES
    sample000001 a b c d␛[31mred␇�evil 2024-01-01 10:30 0
    "
  `)
})
