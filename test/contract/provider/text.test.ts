import { describe, expect, test } from 'vitest'
import type { Wire } from '../../helpers/wire/server.ts'
import { openChat } from './chat.ts'
import { ROWS } from './rows.ts'

/** Characters of one to four bytes, joined ones and combining ones. */
const UNICODE = 'é e\u0301 漢字 한글 😀 👩‍👩‍👧 🇩🇪 \u200b𝒳 "\\" \t|'

const USAGE = { input: 1000, output: 500, cached: 300, cache_write: 70, cache_write_1h: 30, reasoning: 200, web_searches: 2 }

/** The counts that each API sends. */
const COUNTS: Partial<Record<Wire, (keyof typeof USAGE)[]>> = {
  ollama: ['input', 'output'],
  bedrock: ['input', 'output', 'cached', 'cache_write', 'cache_write_1h'],
  anthropic: ['input', 'output', 'cached', 'cache_write', 'cache_write_1h', 'reasoning', 'web_searches'],
  'openai-chat': ['input', 'output', 'cached', 'cache_write', 'reasoning'],
  meta: ['input', 'output', 'cached', 'cache_write', 'reasoning'],
  'azure-deployment': ['input', 'output', 'cached', 'cache_write', 'reasoning'],
}

describe.each(ROWS)('$label', (row) => {
  test('the reply goes to stdout as it is, and a newline; the session holds it', async () => {
    const { ask, model, stored } = await openChat(row)
    model.reply({ text: ['# He', 'llo\r\n\n', '  wor', 'ld\u0000.'] })
    expect(await ask('hi')).toMatchObject({ code: 0, stdout: '# Hello\r\n\n  world\u0000.\n' })
    expect(await stored()).toMatchObject([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: '# Hello\r\n\n  world\u0000.', provider: row.provider, model: 'm', finish_reason: 'stop' },
    ])
    expect((await stored())[1]?.state).toBeUndefined()
  })

  test('characters that are cut between two reads come whole', async () => {
    const { askHere, model, stored } = await openChat(row)
    model.reply({ text: [UNICODE, `${UNICODE}\n`, UNICODE], reasoning: UNICODE, split: 1 })
    const text = `${UNICODE}${UNICODE}\n${UNICODE}`
    expect(await askHere(UNICODE)).toMatchObject({ code: 0, stdout: `${text}\n` })
    const [question, answer] = await stored()
    expect(question?.content).toBe(UNICODE)
    expect(answer?.content).toBe(text)
    expect(answer?.parts).toEqual([
      { type: 'reasoning', text: UNICODE },
      { type: 'text', text },
    ])
  })

  test('reasoning is a part of the message and not of the output', async () => {
    const { askHere, model, stored } = await openChat(row)
    model.reply({ reasoning: ['Let me ', 'think.'], text: ['4', '2'] })
    expect((await askHere('hi')).stdout).toBe('42\n')
    const [, answer] = await stored()
    expect(answer).toMatchObject({
      content: '42',
      parts: [
        { type: 'reasoning', text: 'Let me think.' },
        { type: 'text', text: '42' },
      ],
    })
  })

  test('the tokens are counted', async () => {
    const { askHere, model, stored } = await openChat(row)
    model.reply({ usage: USAGE })
    await askHere('hi')
    const counted = COUNTS[row.wire] ?? ['input', 'output', 'cached', 'reasoning']
    expect((await stored())[1]?.usage).toEqual(Object.fromEntries(counted.map((name) => [name, USAGE[name]])))
    expect((await stored())[1]).not.toHaveProperty('cost')
  })

  test('a reply that was cut at its limit says so', async () => {
    const { askHere, model, stored } = await openChat(row)
    model.reply({ finish: 'length' })
    const { code, stdout, stderr } = await askHere('hi')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello\n' })
    expect(stderr).toContain('--max-tokens')
    expect((await stored())[1]).toMatchObject({ content: 'Hello', finish_reason: 'length' })
  })
})
