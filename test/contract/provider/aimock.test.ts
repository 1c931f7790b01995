import { LLMock } from '@copilotkit/aimock'
import { expect, onTestFinished, test } from 'vitest'
import { lastMessages } from '../../helpers/messages.ts'
import { homeFor, runHereFor } from './chat.ts'
import { ROWS } from './rows.ts'

const TEXT = 'Grüße, 世界 👩‍👩‍👧 – a server that this project did not write.'
const REASONING = 'Let me think.'

/** What aimock does not send, or not as the provider does. */
const NO_REASONING = ['openai with a base_url', 'azure with a deployment', 'bedrock', 'ollama', "a user's own"]
const NO_USAGE = ['ollama', "a user's own"]

test.each(ROWS)('$label', async (row) => {
  const mock = new LLMock({ port: 0, chunkSize: 3 })
  mock.onMessage('hi', { content: TEXT, reasoning: REASONING, usage: { prompt_tokens: 12, completion_tokens: 34 } })
  mock.onMessage('bye', { content: 'Bye.' })
  await mock.start()
  onTestFinished(() => mock.stop())
  const home = homeFor(row, mock.url)
  const chat = (...words: string[]) => (row.plugin ? home.run('chat', ...words) : runHereFor(home, 'chat', ...words))
  expect(await chat(...row.flags, '--system', 'Be brief.', 'hi')).toMatchObject({ code: 0, stdout: `${TEXT}\n` })
  const [, , answer] = await lastMessages(home)
  expect(answer).toMatchObject({ content: TEXT, finish_reason: 'stop' })
  if (!NO_REASONING.includes(row.label)) expect(answer?.parts?.[0]).toEqual({ type: 'reasoning', text: REASONING })
  if (!NO_USAGE.includes(row.label)) expect(answer?.usage).toMatchObject({ input: 12, output: 34 })
  expect(await chat('--resume', 'bye')).toMatchObject({ code: 0, stdout: 'Bye.\n' })
  // aimock writes down each request as one of OpenAI's.
  const { messages } = mock.getLastRequest()!.body as { messages: { role: string; content: unknown }[] }
  const roles = messages.map(({ role }) => role.replace('developer', 'system'))
  expect(roles).toEqual(['system', 'user', 'assistant', 'user'])
  expect(messages.map(({ content }) => content)).toEqual(['Be brief.', 'hi', TEXT, 'bye'])
})
