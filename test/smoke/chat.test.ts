import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { openModel } from '../helpers/wire/server.ts'

test.each(['anthropic', 'ollama'] as const)('a chat with %s prints and stores its reply', async (wire) => {
  const model = await openModel(wire)
  const block = `{ base_url: ${model.url}, api_key: k }`
  const home = makeHome()
  home.write('.config/ainative-code/config.yaml', `llm:\n  ${wire}: ${block}\n`)
  expect(await home.ok('chat', '--provider', wire, '--model', 'm', 'Hi')).toContain('Hello')
  expect(await home.json('query', '--json', 'sessions.messages.role')).toEqual(['user', 'assistant'])
})
