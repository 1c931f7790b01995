import { expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { importText, type SessionFile, sample, seed, talk } from '../helpers/seed.ts'

const ULID = '01HM00000000000000000000AA'

/** A session with one message, forked from another at a message. */
const member = (number: number, message: string, parent?: number, at?: string): SessionFile =>
  sample(number, {
    messages: talk(`said in ${number}`).map((each) => ({ ...each, id: message })),
    ...(parent !== undefined && { parent_id: sample(parent).id, ...(at !== undefined && { forked_message_id: at }) }),
  })

/** The copies by their titles. */
async function copies(home: Home): Promise<Record<string, SessionFile>> {
  const all: SessionFile[] = JSON.parse(await home.ok('session', 'export', '--all', '-o', '-'))
  return Object.fromEntries(all.filter(({ id }) => !id.startsWith('sample')).map((each) => [each.title, each]))
}

const linkOf = (session?: SessionFile) => [session?.parent_id, session?.forked_message_id]
const endOf = (session?: SessionFile) => [session?.id, session?.messages[0]?.id]

const chain = [member(1, ULID), member(2, 'm1', 1, ULID), member(3, 'm1', 2, 'm1'), member(4, 'm1', 9, 'gone')]

test.each([
  ['parents first', chain],
  ['children first', chain.toReversed()],
])('--new-id links forks to the copies of their parents: %s', async (_, sessions) => {
  const home = makeHome()
  await seed(home, ...chain)
  await importText(home, JSON.stringify(sessions), '--new-id')
  const all = await copies(home)
  expect(linkOf(all['Session 2'])).toEqual(endOf(all['Session 1']))
  expect(linkOf(all['Session 3'])).toEqual(endOf(all['Session 2']))
  expect(linkOf(all['Session 1'])).toEqual([undefined, undefined])
  expect(linkOf(all['Session 4'])).toEqual(['sample000009', 'gone'])
  expect(all['Session 1']?.messages[0]?.id).toMatch(/^01HM000000[0-9A-Z]{16}$/)
  expect(new Set(Object.values(all).map(({ messages }) => messages[0]?.id)).size).toBe(4)
})

test('--new-id follows links over several files, in a cycle, to itself and to a second copy', async () => {
  const home = makeHome()
  home.write('a.json', JSON.stringify([member(1, 'a', 2, 'b'), member(3, 'c', 3, 'c')]))
  home.write('b.jsonl', JSON.stringify(member(2, 'b', 1, 'a')))
  await home.ok('session', 'import', '-i', 'a.json', '-i', 'b.jsonl', '--new-id')
  const all = await copies(home)
  expect(linkOf(all['Session 1'])).toEqual(endOf(all['Session 2']))
  expect(linkOf(all['Session 2'])).toEqual(endOf(all['Session 1']))
  expect(linkOf(all['Session 3'])).toEqual(endOf(all['Session 3']))

  const twice = [member(5, 'e'), member(6, 'f', 5, 'e')]
  await importText(home, JSON.stringify([...twice, ...twice]), '--new-id')
  const family: SessionFile[] = JSON.parse(await home.ok('session', 'export', '--where', 'title in ["Session 5", "Session 6"]', '-o', '-'))
  const parents = family.filter(({ title }) => title === 'Session 5')
  const forks = family.filter(({ title }) => title === 'Session 6')
  expect(forks.map(linkOf).sort()).toEqual(parents.map(endOf).sort())
  expect(new Set(family.map(({ id }) => id)).size).toBe(4)
})

test('--new-id keeps the parent of a fork whose parent is bad or not in the import, even of one that is here', async () => {
  const home = makeHome()
  await seed(home, member(1, 'a'))
  const bad = { ...member(2, 'b'), title: '' }
  const forks = [bad, member(3, 'c', 2, 'b'), member(4, 'd', 1, 'a')]
  const { code } = await importText(home, JSON.stringify(forks), '--new-id', '--keep-going')
  const all = await copies(home)
  expect(code).toBe(1)
  expect(linkOf(all['Session 3'])).toEqual(['sample000002', 'b'])
  expect(linkOf(all['Session 4'])).toEqual(['sample000001', 'a'])
})
