import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { expectProblem } from '../helpers/problem.ts'
import { openModel } from '../helpers/wire/server.ts'

const KEY = 'sk-very-secret-0123456789'

test('provider list tells where each key comes from, and never the key', async () => {
  const home = here(makeHome({ ANTHROPIC_API_KEY: KEY, MY_KEY: KEY, GOOGLE_API_KEY: KEY, AWS_PROFILE: 'work', OLLAMA_HOST: ':4242' }))
  home.write(USER_CONFIG, `llm:\n  openai:\n    api_key: \${MY_KEY}\n    model: gpt-x\n  meta_llama:\n    api_key_command: echo ${KEY}\n`)
  const table = await home.ok('provider', 'list')
  expect(table).toMatchInlineSnapshot(`
    "PROVIDER  KEY                      BASE URL                                         DEFAULT MODEL
    anthropic ANTHROPIC_API_KEY        https://api.anthropic.com/v1                     claude-sonnet-5-5
    openai    llm.openai.api_key       https://api.openai.com/v1                        gpt-x
    azure     missing
    bedrock   AWS_PROFILE
    gemini    GOOGLE_API_KEY           https://generativelanguage.googleapis.com/v1beta gemini-flash-latest
    ollama    not needed               http://127.0.0.1:4242
    meta      llm.meta.api_key_command https://api.llama.com/compat/v1                  Llama-4-Maverick-17B-128E-Instruct-FP8
    "
  `)
  const json = await home.ok('provider', 'list', '--json')
  expect(table + json).not.toContain(KEY)
  expect(JSON.parse(json)).toContainEqual({
    name: 'openai',
    base_url: 'https://api.openai.com/v1',
    key: 'llm.openai.api_key',
    model: 'gpt-x',
  })
})

test('provider list says how to set one up where none is', async () => {
  const note = 'no provider has a key; ainative-code provider setup asks for one\n'
  expect(await here(makeHome()).run('provider', 'list', '--json')).toMatchObject({
    code: 0,
    stderr: note,
    stdout: expect.stringMatching(/^\[/),
  })
  expect(await here(makeHome({ OLLAMA_HOST: ':4242' })).run('provider', 'list')).toMatchObject({ code: 0, stderr: '' })
  const home = here(makeHome())
  home.write(USER_CONFIG, 'llm:\n  default_provider: ollama\n')
  expect(await home.run('provider', 'list')).toMatchObject({ code: 0, stderr: '' })
})

test('a mistake in one block is told there, and the others are listed', async () => {
  const home = here(makeHome())
  home.write(USER_CONFIG, 'llm:\n  openai:\n    modle: x\n  anthropic:\n    api_key: ${NOT_SET}\n')
  expect(await home.ok('provider', 'list')).toMatch(/openai +config llm\.openai\.modle: unknown key/)
  expectProblem(await home.run('chat', '--provider', 'openai', 'hi'), 1, 'config llm.openai.modle: unknown key')
  expectProblem(await home.run('chat', '--provider', 'anthropic', 'hi'), 1, 'the environment variable NOT_SET is not set')
  // Lists need no key.
  expect(await home.ok('session', 'list')).toContain('ID')
})

test.each([
  ['temperature: hot', 'llm.ollama.temperature'],
  ['timeout: soon', 'llm.ollama.timeout'],
  ['base_url: "http://"', 'is not the URL of an API'],
  ['base_url: ftp://host', 'neither http nor https'],
  ['headers: none', 'llm.ollama.headers'],
  ['max_tokens: -1', 'llm.ollama.max_tokens'],
])('%s in the config is refused with its key', async (line, told) => {
  const home = here(makeHome())
  home.write(USER_CONFIG, `llm:\n  ollama:\n    ${line}\n`)
  expectProblem(await home.run('chat', '--provider', 'ollama', '--model', 'm', 'hi'), 1, told)
})

test('provider test makes one small call', async () => {
  const model = await openModel('ollama')
  const home = here(makeHome({ OLLAMA_HOST: model.url }))
  expect(await home.ok('provider', 'test', 'ollama')).toMatch(/^ollama\/model-a answered in \d+\.\d s\n$/)
  expect(model.requests.at(-1)?.body).toMatchObject({ options: { num_predict: 16 } })
  expect(await home.json('provider', 'test', 'ollama', '-m', 'm', '--json')).toMatchObject({ provider: 'ollama', model: 'm', ok: true })
  expect(await home.json('session', 'list', '--all', '--json')).toEqual([])
  model.reply({ failure: 'unauthorized' })
  expectProblem(await home.run('provider', 'test', 'ollama', '-m', 'm'), 1, 'ollama refused the key (401)')
  expectProblem(await home.run('provider', 'test', 'olama'), 2, 'did you mean ollama?')
})

test('models lists those of every provider that is set up', async () => {
  const [ollama, meta] = [await openModel('ollama'), await openModel('meta')]
  const home = here(makeHome({ OLLAMA_HOST: ollama.url, LLAMA_API_KEY: KEY, LLAMA_BASE_URL: `${meta.url}/compat/v1` }))
  const rows = await home.json('models', '--json')
  expect(new Set(rows.map(({ provider }: { provider: string }) => provider))).toEqual(new Set(['ollama', 'meta']))
  meta.reply({ failure: 'unauthorized' })
  const { code, stdout, stderr } = await home.run('models')
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^meta refused the key/) })
  expect(stdout).toContain('model-a')
})

test('a command gives the key, from the own config alone', async () => {
  const model = await openModel('meta')
  const home = here(makeHome({ LLAMA_BASE_URL: `${model.url}/compat/v1` }))
  home.write(USER_CONFIG, `llm:\n  meta:\n    api_key_command: printf '%s\\n' ${KEY}\n`)
  await home.ok('chat', '--provider', 'meta', '--model', 'm', 'hi')
  expect(model.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
  home.write(USER_CONFIG, 'llm:\n  meta:\n    api_key_command: exit 3\n')
  expectProblem(await home.run('chat', '--provider', 'meta', 'hi'), 1, 'llm.meta.api_key_command printed no key: it ended with 3')
  home.write(USER_CONFIG, '{}\n')
  home.write('project/ainative.config.yaml', 'llm:\n  meta:\n    api_key_command: touch owned\n')
  const there = { cwd: home.path('project') }
  await home.runWith(there, 'trust')
  expectProblem(await home.runWith(there, 'chat', '--provider', 'meta', 'hi'), 1, 'allowed only in your own config')
})

test('a project that nobody trusts sets no provider, key or address', async () => {
  const [own, evil] = [await openModel('meta'), await openModel('meta')]
  const home = here(makeHome({ LLAMA_API_KEY: KEY, LLAMA_BASE_URL: `${own.url}/compat/v1` }))
  home.write(
    'project/ainative.config.yaml',
    `llm:\n  default_provider: meta\n  meta:\n    base_url: ${evil.url}/compat/v1\n    headers:\n      x: y\n`,
  )
  await home.runWith({ cwd: home.path('project') }, 'chat', '--model', 'm', 'hi')
  expect(evil.requests).toEqual([])
})

test('gemini and google are one provider, and so are meta and meta_llama', async () => {
  const model = await openModel('gemini')
  const home = here(makeHome())
  home.write(
    USER_CONFIG,
    `llm:\n  default_provider: google\n  google:\n    api_key: ${KEY}\n    base_url: ${model.url}\n    model: from-config\n`,
  )
  await home.ok('chat', 'hi')
  expect(model.requests[0]?.path).toContain('/v1beta/models/from-config:')
  expect(await home.json('session', 'list', '--json')).toMatchObject([{ provider: 'gemini', model: 'from-config' }])
})

test('a missing key names the variable, the key of the config, and ollama', async () => {
  expectProblem(
    await here(makeHome()).run('chat', '--provider', 'anthropic', 'hi'),
    1,
    'set ANTHROPIC_API_KEY, or llm.anthropic.api_key in the config; ollama needs no key',
  )
})
