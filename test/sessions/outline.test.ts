import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

const messages = talk('\n\n  How do I start?\nAt all?', 'Like so', 'And \u001b[31mthen\ttoo', 'Go on', '数据库'.repeat(50), 'Yes')

test('outline lists the messages of a person by number', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages }))
  expect(await home.ok('session', 'outline', 'sample000001')).toBe(
    [
      'SEQ TIME             MESSAGE',
      '1   2024-01-01 10:00 How do I start?',
      '3   2024-01-01 10:02 And ␛[31mthen too',
      `5   2024-01-01 10:04 ${'数据库'.repeat(50)}`,
      '',
    ].join('\n'),
  )
  const rows = await home.json('session', 'outline', 'sample000001', '--format', 'json')
  const shown = await home.json('session', 'show', 'sample000001', '--format', 'json')
  expect(rows[1]).toEqual({
    seq: 3,
    message: shown.messages[2].id,
    timestamp: '2024-01-01T10:02:00.000Z',
    line: 'And \u001b[31mthen\ttoo',
  })
  expect((await home.ok('session', 'outline', 'sample000001', '--format', 'jsonl')).split('\n')).toHaveLength(4)
})

test('on a terminal each message of an outline is one line', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages }))
  const { screen } = await onTerminal(home, ['session', 'outline', 'sample000001'])
  const line = screen.split('\r\n').find((each) => each.startsWith('5'))
  expect(line).toMatch(/^5 {3}2024-01-01 10:04 (数据库)+数?据?…$/)
})

test('an outline of nothing says so', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: [{ role: 'assistant', content: 'Hi' }] }))
  expect(await home.run('session', 'outline', 'sample000001')).toEqual({
    code: 0,
    stdout: 'SEQ TIME MESSAGE\n',
    stderr: 'sample000001 has no user messages\n',
  })
})
