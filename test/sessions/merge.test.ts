import { describe, expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { importText, sample, seed, talk, titles } from '../helpers/seed.ts'

describe('--merge', () => {
  const contents = async (home: Home) =>
    (await here(home).json('session', 'show', 'sample000001', '--json')).messages.map((each: { content: string }) => each.content)

  test('adds the messages that are missing, matched by id, else by role, content and time', async () => {
    const home = makeHome()
    const [a, b, c] = talk('a', 'b', 'c') as [object, object, object]
    const at = { role: 'user', timestamp: '2024-01-01T10:09:00Z' }
    await seed(home, sample(1, { messages: [{ ...a, id: 'm1' }, b, b, { ...at, content: 'same id, other text', id: 'm2' }] as never }))
    const theirs = [a, { ...at, content: 'changed', id: 'm2' }, b, b, b, c, { ...a, role: 'system' }, { ...a, timestamp: at.timestamp }]
    const { stdout } = await importText(home, JSON.stringify([sample(1, { messages: theirs as never }), sample(2)]), '--merge')
    expect(stdout).toMatchInlineSnapshot(`
      "Imported 1 session (4 messages), 1 merged
      "
    `)
    expect(await contents(home)).toEqual(['a', 'b', 'b', 'same id, other text', 'b', 'c', 'a', 'a'])
    expect(await titles(home, '--where', 'message_count = 8')).toEqual(['Session 1'])
  })

  test('done twice adds nothing the second time', async () => {
    const home = makeHome()
    await seed(home, sample(1, { messages: talk('a') }))
    const theirs = JSON.stringify(sample(1, { messages: talk('a', 'b', 'a', 'b') }))
    await importText(home, theirs, '--merge')
    const once = await here(home).ok('session', 'export', '--all', '-o', '-')
    await importText(home, theirs, '--merge')
    expect(await here(home).ok('session', 'export', '--all', '-o', '-')).toBe(once)
    expect(await contents(home)).toEqual(['a', 'b', 'a', 'b'])
  })

  test('of a file whose times have no zone adds nothing on a machine in another zone', async () => {
    const [tokyo, york] = [makeHome({ TZ: 'Asia/Tokyo' }), makeHome({ TZ: 'America/New_York' })]
    const messages = ['2024-01-15T10:30:00', '2024-01-15 10:31:00', '2024-01-16', undefined].map((timestamp) => ({
      ...{ role: 'user', content: 'same' },
      ...(timestamp && { timestamp }),
    }))
    const file = JSON.stringify({ id: 'sample000001', title: 'T', messages })
    await importText(tokyo, file)
    const exported = await tokyo.ok('session', 'export', '--all', '-o', '-')
    await importText(york, exported)
    await importText(york, file, '--merge')
    expect(await york.ok('session', 'export', '--all', '-o', '-')).toBe(exported)
    expect(await contents(york)).toHaveLength(4)
  })

  test('done twice adds nothing to a session whose messages have no times', async () => {
    const home = makeHome()
    const theirs = JSON.stringify({
      id: 'sample000001',
      title: 'T',
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
      ],
    })
    await importText(home, theirs)
    await importText(home, theirs, '--merge')
    expect(await contents(home)).toEqual(['a', 'b'])
  })

  test('adds nothing to a session whose messages got the time of the import as a part of their ids', async () => {
    const home = makeHome()
    const [a, b] = ['a', 'b'].map((content) => ({ role: 'user', content }))
    const older = [a, b, a].map((message, i) => ({ ...message, id: `6MX0QEP5Y7M9RBN8MWK9CYDHF${i}` }))
    const session = { id: 'sample000001', title: 'T' }
    await importText(home, JSON.stringify({ ...session, created_at: '2026-01-01T10:00:00.123Z', messages: older }))
    const merge = (...messages: unknown[]) => importText(home, JSON.stringify({ ...session, messages }), '--merge')
    expect((await merge(a, b, a)).stdout).toBe('Imported 0 sessions (0 messages), 1 merged\n')
    expect((await merge(a, b, a, a)).stdout).toBe('Imported 0 sessions (1 message), 1 merged\n')
    expect((await merge(a, b, a, a)).stdout).toBe('Imported 0 sessions (0 messages), 1 merged\n')
    expect(await contents(home)).toEqual(['a', 'b', 'a', 'a'])
  })

  test.each([{}, { created_at: '2024-01-01T10:00:00Z' }])('of a file with a session twice adds each message once (%j)', async (first) => {
    const home = makeHome()
    const message = (content: string) => ({ role: 'user', content })
    const session = { id: 'sample000001', title: 'T' }
    const theirs = JSON.stringify([
      { ...session, ...first, messages: [message('a')] },
      { ...session, messages: [message('a'), message('b')] },
    ])
    expect((await importText(home, theirs, '--merge')).stdout).toBe('Imported 1 session (2 messages), 1 merged\n')
    expect((await importText(home, theirs, '--merge')).stdout).toBe('Imported 0 sessions (0 messages), 2 merged\n')
    expect(await contents(home)).toEqual(['a', 'b'])
  })
})
