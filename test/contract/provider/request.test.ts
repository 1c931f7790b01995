import { describe, expect, test } from 'vitest'
import { makeHome } from '../../helpers/cli.ts'
import { okHere } from '../../helpers/here.ts'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { openModel } from '../../helpers/wire/server.ts'
import { openChat, runHereFor } from './chat.ts'
import { KEY, ROWS } from './rows.ts'

describe.each(ROWS)('$label', (row) => {
  test('a request has the conversation and the settings in the fields of the provider', async () => {
    const { askHere, model } = await openChat(row)
    model.reply({ text: ['o', 'ne'] }, { text: 'two' })
    const settings = ['--temperature', '0.5', '--max-tokens', '99']
    await askHere('--system', 'Be brief.', ...settings, 'first')
    await askHere('--resume', ...settings, 'second 😀')
    const [first, second] = model.requests.map(row.read)
    const shared = { model: 'm', system: 'Be brief.', temperature: 0.5, most: 99, key: row.provider === 'ollama' ? undefined : KEY }
    expect(first).toEqual({ ...shared, turns: [['user', 'first']] })
    const turns = [
      ['user', 'first'],
      ['assistant', 'one'],
      ['user', 'second 😀'],
    ]
    expect(second).toEqual({ ...shared, turns })
  })

  test('what was not set is not sent', async () => {
    const { askHere, model } = await openChat(row)
    await askHere('hi')
    const [{ system, temperature, most } = {}] = model.requests.map(row.read)
    // Anthropic refuses a request without a limit.
    expect({ system, temperature, most }).toEqual({ most: row.wire === 'anthropic' ? expect.any(Number) : undefined })
  })
})

test.each(ROWS.filter(({ wire }) => wire === 'openai' || wire === 'azure'))('$label keeps nothing of the conversation', async (row) => {
  const { askHere, model } = await openChat(row)
  await askHere('hi')
  expect(model.requests[0]?.body).toMatchObject({ store: false, stream: true })
})

test.each(ROWS.filter(({ plugin }) => !plugin))('the models of $label come from its API', async (row) => {
  const { home, model } = await openChat(row)
  model.models = ['model-1', 'model-2', 'model-3', 'model-4', 'model-5']
  const { stdout } = await runHereFor(home, 'models', row.provider, '--format', 'json')
  const ids = JSON.parse(stdout).map(({ id }: { id: string }) => id)
  expect(ids).toEqual(row.wire === 'bedrock' ? [...model.models, ...model.models.map((id) => `us.${id}`)] : model.models)
})

test.each([
  ['google', 'gemini'],
  ['meta_llama', 'meta'],
])('%s is %s', async (alias, name) => {
  const { home, model, stored } = await openChat(ROWS.find(({ provider }) => provider === name)!)
  expect(await okHere(home, 'chat', '--provider', alias, '--model', 'm', 'hi')).toBe('Hello\n')
  expect(model.requests).toHaveLength(1)
  expect((await stored())[1]).toMatchObject({ provider: name })
})

test('a dated version of azure need not be quoted in YAML', async () => {
  const model = await openModel('azure-deployment')
  const home = makeHome({ AZURE_OPENAI_API_KEY: KEY })
  home.write(USER_CONFIG, `llm:\n  azure:\n    endpoint: ${model.url}\n    deployment_name: m\n    api_version: 2024-10-21\n`)
  expect(await okHere(home, 'chat', '--provider', 'azure', 'hi')).toBe('Hello\n')
  expect(model.requests[0]?.path).toBe('/openai/deployments/m/chat/completions?api-version=2024-10-21')
})
