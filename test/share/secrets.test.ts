import { expect, test } from 'vitest'
import { sample, seed, talk } from '../helpers/seed.ts'
import { runSql } from '../helpers/sql.ts'
import { onTerminal } from '../helpers/terminal.ts'
import { type Member, shareOf, teamOf } from './team.ts'

const ID = 'sample000001'
const TOKEN = `ghp_${'a1B2c3'.repeat(6)}`
const AWS = 'wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzKEYabc'

async function owner(team: string): Promise<[Member, Member]> {
  const [alice, bob] = (await teamOf(team, 'alice', 'bob')) as [Member, Member]
  const messages = talk(
    `secretlint-disable ${TOKEN}`,
    `AWS_SECRET_ACCESS_KEY=${AWS}`,
    `so it is ${AWS}!`,
    'postgres://bob:hunter2222@db.example.com/x',
    'hunter2222',
  )
  const [first] = messages
  if (first) Object.assign(first, { parts: [{ type: 'tool-call', input: { [TOKEN]: TOKEN } }], usage: { input: 5, output: 7 } })
  await seed(
    alice.home,
    sample(1, {
      title: `Key ${TOKEN}`,
      metadata: { tags: [TOKEN], note: AWS },
      messages: [...messages, { role: 'user', content: 'hidden words', hidden: true }],
    }),
  )
  return [alice, bob]
}

/** Everything of the server's tables that a user owns. */
const rowsOf = async ({ endpoint }: Member) =>
  JSON.stringify(await runSql(endpoint, 'select registers::text as text from zerodb.session union all select body from zerodb.message'))

test('secrets are shown masked before the first share, and a comment does not hide them', async () => {
  const [alice] = await owner('masked')
  const { screen, code } = await onTerminal(alice.home, ['session', 'share', ID, '--team', 'masked'], [['[y/N] ', 'y\r']], {}, 200)
  expect({ code, screen }).toEqual({ code: 0, screen: expect.stringMatching(/shared-[0-9a-f]{32}/) })
  expect(screen).toMatch(/3 secrets found; --redact replaces them:\s+the session: .*GitHub Token.* ghp\*\*\*\s/)
  for (const secret of [TOKEN, AWS, 'hunter2222']) expect(screen).not.toContain(secret)
})

test('--redact shares a copy without the secrets, which never reach the server', async () => {
  const [alice, bob] = await owner('redacted')
  const id = await shareOf(alice, ID, 'redacted', '--redact')
  const shown = await bob.home.ok('session', 'show', id, '--json', '--hidden')
  const stored = await rowsOf(alice)
  for (const text of [shown, stored]) {
    for (const secret of [TOKEN, AWS, AWS.slice(-20), 'hunter2222', 'hidden words']) expect(text).not.toContain(secret)
    expect(text).toContain('so it is [redacted]!')
  }
  expect(JSON.parse(shown)).toMatchObject({ title: 'Key [redacted] (redacted)', metadata: { tags: ['[redacted]'], note: '[redacted]' } })
  expect(shown).not.toContain('usage')

  // The original is as it was, and later messages come with the next share.
  expect(await alice.home.ok('session', 'show', ID, '--raw')).toContain(AWS)
  const later = sample(1, { messages: [...talk('a', 'b'), { role: 'user', content: `later ${TOKEN}`, timestamp: '2024-01-02T00:00:00Z' }] })
  await alice.home.ok('session', 'import', '--merge', '-i', alice.home.write('later.json', JSON.stringify(later)))
  expect(await shareOf(alice, ID, 'redacted', '--redact')).toBe(id)
  expect(await bob.home.ok('session', 'show', id, '--raw', '--tail', '1')).toBe('later [redacted]\n')
  expect(await alice.home.json('session', 'list', '--all', '--json')).toHaveLength(2)

  // A full share next to the redacted one is a decision of its own; the other way round is refused.
  const whole = await shareOf(alice, ID, 'redacted')
  expect(await alice.home.run('session', 'share', ID, '--team', 'redacted', '--redact')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is shared with redacted already/),
  })
  expect((await alice.home.json('session', 'shares', ID, '--json')).map((each: { id: string }) => each.id)).toEqual([id, whole])
  await alice.home.ok('session', 'unshare', ID)
  expect(await bob.home.json('session', 'list', '--shared', '--json')).toEqual([])
})
