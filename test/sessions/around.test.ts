import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { withDatabase } from '../helpers/database.ts'
import { expectProblem } from '../helpers/problem.ts'
import { failure, sample, seed, talk } from '../helpers/seed.ts'

const texts = (count: number) => Array.from({ length: count }, (_, i) => `message ${i + 1}`)

async function homeOf(count: number) {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk(...texts(count)) }))
  const shown = async (...flags: string[]) =>
    (await home.json('session', 'show', 'sample000001', '--format', 'json', ...flags)).messages.map((each: { content: string }) =>
      Number(each.content.slice(8)),
    )
  return { home, shown }
}

test('--around shows a message with its neighbours, and marks it', async () => {
  const { home, shown } = await homeOf(20)
  expect((await home.ok('session', 'show', 'sample000001', '--around', '3', '--context', '1')).split('\n').slice(8)).toMatchInlineSnapshot(`
    [
      "─────────────────────────────────────────",
      "",
      "#2 [Assistant - 10:01:00]",
      "message 2",
      "",
      "> #3 [User - 10:02:00]",
      "message 3",
      "",
      "#4 [Assistant - 10:03:00]",
      "message 4",
      "",
      "─────────────────────────────────────────",
      "",
    ]
  `)
  expect(await home.ok('session', 'show', 'sample000001', '--around', '3', '--context', '0', '--format', 'markdown')).toContain(
    '\n## > #3 User (2024-01-01 10:02:00)\n',
  )
  const [first, early, middle, last, one, all] = await Promise.all([
    shown('--around', '1'),
    shown('--around', '3'),
    shown('--around', '10'),
    shown('--around', '20'),
    shown('--around', '10', '--context', '0'),
    shown('--around', '10', '--context', '99999999999999999999'),
  ])
  expect({ first, early, middle, last, one }).toEqual({
    first: [1, 2, 3, 4],
    early: [1, 2, 3, 4, 5, 6],
    middle: [7, 8, 9, 10, 11, 12, 13],
    last: [17, 18, 19, 20],
    one: [10],
  })
  expect(all).toHaveLength(20)
})

test('messages that were taken out leave no gap around one', async () => {
  const { home, shown } = await homeOf(20)
  withDatabase(home, (db) => db.exec('delete from messages where seq in (4, 6, 7, 8)'))
  expect(await shown('--around', '5', '--context', '2')).toEqual([2, 3, 5, 9, 10])
  const missing = await home.run('session', 'show', 'sample000001', '--around', '7')
  expectProblem(missing, 1, 'sample000001 has no message 7: the nearest numbers are 5 and 9')
})

test('a wrong number says which there are', async () => {
  const { home } = await homeOf(2)
  await seed(home, sample(2))
  const [past, none, zero, word, two, both, alone] = await Promise.all([
    failure(home, 1, ['session', 'show', 'sample000001', '--around', '3']),
    failure(home, 1, ['session', 'show', 'sample000002', '--around', '1']),
    failure(home, 2, ['session', 'show', 'sample000001', '--around', '0']),
    failure(home, 2, ['session', 'show', 'sample000001', '--around', 'x']),
    failure(home, 2, ['session', 'show', 'sample000001', 'sample000002', '--around', '1']),
    failure(home, 2, ['session', 'show', 'sample000001', '--around', '1', '--limit', '1']),
    failure(home, 2, ['session', 'show', 'sample000001', '--context', '1']),
  ])
  expect(past + none + zero + word + two + both + alone).toMatchInlineSnapshot(`
    "error: sample000001 has no message 3: the nearest number is 2
    hint: ainative-code session outline sample000001 lists the messages
    error: sample000002 has no message 1: the session has no messages
    hint: ainative-code session outline sample000002 lists the messages
    error: --around "0": expected a whole number of 1 or more
    error: --around "x": expected a whole number of 1 or more
    error: --around takes one session, not 2
    error: --around cannot be combined with --summary, --skip or --limit
    hint: --context COUNT sets the number of messages before and after
    error: --context requires --around SEQ
    hint: ainative-code session show --help
    "
  `)
})
