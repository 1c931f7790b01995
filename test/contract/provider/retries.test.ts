import { describe, expect, test } from 'vitest'
import { openChat } from './chat.ts'
import { ROWS } from './rows.ts'

const ANTHROPIC = ROWS[0]!

describe.each(ROWS)('$label', (row) => {
  test('is asked again after as long as it wants', async () => {
    const { askHere: ask, model, stored } = await openChat(row)
    model.reply({ failure: 'rate-limit', retryAfter: 0 }, { failure: 'overloaded', retryAfter: 0 }, {})
    const { code, stdout, stderr } = await ask('hi')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello\n' })
    expect(model.requests).toHaveLength(3)
    expect(stderr.match(/retrying in/g)).toHaveLength(2)
    expect(await stored()).toMatchObject([{ content: 'hi' }, { content: 'Hello' }])
  })

  // Nobody knows what an error means that a plugin of a user's makes.
  test.skipIf(row.plugin)('is asked again where its stream breaks before the first word', async () => {
    const { askHere: ask, model, stored } = await openChat(row)
    model.reply({ errorAfter: 0 }, {})
    expect(await ask('hi')).toMatchObject({ code: 0, stdout: 'Hello\n' })
    expect(model.requests).toHaveLength(2)
    expect(await stored()).toMatchObject([{ content: 'hi' }, { content: 'Hello' }])
  })

  test.skipIf(row.plugin)('is not asked again once it has begun to think', async () => {
    const { askHere: ask, model } = await openChat(row)
    model.reply({ reasoning: ['Let ', 'me'], text: ['so', ' far'], errorAfter: 3 }, {})
    expect((await ask('hi')).code).toBe(1)
    expect(model.requests).toHaveLength(1)
  })
})

test.each(ROWS.filter((row) => row === ANTHROPIC || row.plugin))(
  'a connection of $label that is cut while it thinks is not asked again',
  async (row) => {
    // A server in the process of its client would cut the connection before the client has read.
    const { ask, model } = await openChat(row)
    model.reply({ reasoning: ['Let ', 'me'], text: ['so', ' far'], cutAfter: 3 }, {})
    expect((await ask('hi')).code).toBe(1)
    expect(model.requests).toHaveLength(1)
  },
)

test('retry-after is waited for', async () => {
  const { askHere: ask, model } = await openChat(ANTHROPIC)
  model.reply({ failure: 'rate-limit', retryAfter: 1 }, {})
  const { code, stdout, stderr } = await ask('hi')
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello\n' })
  expect(stderr).toContain('retrying in 1.0 s')
  expect(model.requests).toHaveLength(2)
})

test('nobody waits an hour', async () => {
  const { askHere: ask, model } = await openChat(ANTHROPIC)
  model.reply({ failure: 'rate-limit', retryAfter: 3600 }, {})
  expect((await ask('hi')).code).toBe(1)
  expect(model.requests).toHaveLength(1)
})

test('an end before the first word is none', async () => {
  const { askHere: ask, model } = await openChat(ANTHROPIC)
  model.reply({ cutAfter: 0 }, { endAfter: 0 }, {})
  expect(await ask('hi')).toMatchObject({ code: 0, stdout: 'Hello\n' })
})
