import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { openScreen } from '../helpers/screen.ts'
import { openModel } from '../helpers/wire/server.ts'

const CONFIG = '.config/ainative-code/config.yaml'
const KEY = 'sk-test-0123456789abcdef'

const nothing = async (home: Home) => {
  expect(await here(home).json('session', 'list', '--all', '--json')).toEqual([])
  expect(fs.existsSync(home.path(CONFIG))).toBe(false)
}

test('without a provider, chat says what is possible, and stores nothing', async () => {
  const home = makeHome()
  const { code, stderr } = await home.run('chat', 'hi')
  expect(code).toBe(1)
  expect(stderr).toMatchInlineSnapshot(`
    "error: no provider is set up; chat needs one of these:
      anthropic  ANTHROPIC_API_KEY        keys: https://platform.claude.com/settings/keys
      openai     OPENAI_API_KEY           keys: https://platform.openai.com/api-keys
      azure      AZURE_OPENAI_API_KEY     keys: https://portal.azure.com
      bedrock    AWS_BEARER_TOKEN_BEDROCK, or AWS credentials https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
      gemini     GEMINI_API_KEY           keys: https://aistudio.google.com/apikey
      ollama     needs no key             https://ollama.com/download
      meta       LLAMA_API_KEY            keys: https://llama.developer.meta.com
    hint: ainative-code provider setup asks for a provider and its key
    "
  `)
  await nothing(home)
  const screen = openScreen(home, ['chat'], { columns: 40, rows: 30 })
  expect(await screen.ended()).toMatchObject({ exitCode: 1 })
  expect(screen.lines().join('\n')).toMatch(/^ {2}anthropic: ANTHROPIC_API_KEY\n {4}keys: https/m)
  await nothing(home)
})

test('a conversation with a provider without its key stores nothing', async () => {
  const home = makeHome()
  const screen = openScreen(home, ['chat', '--provider', 'openai', '-m', 'm'])
  expect(await screen.ended()).toMatchObject({ exitCode: 1 })
  expect(screen.lines().join('\n')).toMatch(/openai needs an API key, and none is set; get one at https:[\s\S]*provider setup openai/)
  await nothing(home)
})

test('provider setup asks, makes a call, and writes the config for this user alone', async () => {
  const model = await openModel('anthropic')
  const home = makeHome({ ANTHROPIC_BASE_URL: model.url })
  const screen = openScreen(home, ['provider', 'setup'], { columns: 60, rows: 30 })
  await screen.shows(/Provider: $/m)
  screen.type('antropic\r')
  await screen.shows(/did you mean anthropic\?\nProvider: $/m)
  screen.type('1\r')
  await screen.shows(/Key \(hidden\): $/m)
  screen.type(`${KEY}\r`)
  await screen.shows(/anthropic answered\nMake anthropic the default\? \[Y\/n\] $/m)
  screen.type('\r')
  expect(await screen.ended()).toMatchObject({ exitCode: 0 })
  expect(screen.raw()).not.toContain(KEY)
  expect(home.read(CONFIG)).toBe(`llm:\n  anthropic:\n    api_key: ${KEY}\n  default_provider: anthropic\n`)
  expect(fs.statSync(home.path(CONFIG)).mode & 0o777).toBe(0o600)
  expect(model.requests.at(-1)?.headers['x-api-key']).toBe(KEY)
  expect(await here(home).ok('chat', 'hi')).toBe('Hello\n')
})

test.each([
  ['the provider', [/Provider: $/m]],
  ['the key', [/Provider: $/m, '1\r', /\(hidden\): $/m]],
  ['the address', [/Provider: $/m, 'ollama\r', /Address \(empty for http:\/\/gpu:11434\): $/m]],
  ['the default', [/Provider: $/m, '1\r', /\(hidden\): $/m, `${KEY}\r`, /default\? .*$/m]],
])('Ctrl-C at the question for %s writes nothing', async (_, steps) => {
  const model = await openModel('anthropic')
  const home = makeHome({ ANTHROPIC_BASE_URL: model.url, OLLAMA_HOST: 'gpu' })
  const screen = openScreen(home, ['provider', 'setup'])
  for (const step of steps) {
    if (typeof step === 'string') screen.type(step)
    else await screen.shows(step)
  }
  screen.type('\x03')
  expect(await screen.ended()).toMatchObject({ exitCode: 130 })
  await nothing(home)
})

test('a key comes from standard input too, and one that is refused is not written', async () => {
  const model = await openModel('anthropic')
  const home = makeHome({ ANTHROPIC_BASE_URL: model.url })
  home.write(CONFIG, '# mine\nllm: # providers\n  anthropic: { model: m } # short\n')
  const setup = (...flags: string[]) => home.runWith({ input: `${KEY}\n` }, 'provider', 'setup', 'anthropic', '--key-stdin', ...flags)
  model.reply({ failure: 'unauthorized' })
  expect(await setup()).toMatchObject({ code: 1, stderr: expect.stringMatching(/refused the key/) })
  expect(home.read(CONFIG)).not.toContain(KEY)
  model.reply({ text: 'OK' })
  expect(await setup('--default')).toMatchObject({ code: 0 })
  expect(home.read(CONFIG)).toContain(`anthropic: { model: m, api_key: ${KEY} } # short`)
  expect(home.read(CONFIG)).toContain('# mine')
  expect(await home.run('provider', 'setup', 'openai')).toMatchObject({ code: 2, stderr: expect.stringMatching(/--key-stdin/) })
  expect(await home.runWith({ input: 'a b' }, 'provider', 'setup', 'openai', '--key-stdin')).toMatchObject({ code: 2 })
})
