import { expect, test } from 'vitest'
import { type Home, here, makeHome } from '../helpers/cli.ts'
import { serve } from '../helpers/http.ts'
import { adds, plugin, USER_CONFIG, usePlugins } from '../helpers/plugins.ts'
import { expectProblem } from '../helpers/problem.ts'
import { openModel } from '../helpers/wire/server.ts'

const saidIn = async (home: Home) => {
  const sessions = await home.json('session', 'list', '--json')
  return Promise.all(
    sessions.map(async ({ id }: { id: string }) => (await home.json('session', 'show', id, '--format', 'json')).messages[0].content),
  )
}

test('ollama answers unasked where somebody has set it up, and no key is found', async () => {
  const model = await openModel('ollama')
  const home = here(makeHome({ OLLAMA_HOST: model.url }))
  expect(await home.ok('chat', 'hi')).toBe('Hello\n')
  const other = here(makeHome())
  other.write(USER_CONFIG, `llm:\n  ollama:\n    base_url: ${model.url}\n`)
  expect(await other.ok('chat', 'hi')).toBe('Hello\n')
})

test('a message is stored before anything can fail, be it for want of a key or of a model', async () => {
  const home = here(makeHome({ OLLAMA_HOST: 'http://127.0.0.1:9' }))
  expectProblem(await home.run('chat', '--provider', 'openai', 'without a key'), 1, 'openai needs an API key')
  expectProblem(await home.run('chat', '--provider', 'openai', '-m', 'm', 'with a model'), 1, 'openai needs an API key')
  expectProblem(await home.run('chat', '--provider', 'ollama', 'without a server'), 1, 'no server listens')
  expect((await saidIn(home)).sort()).toEqual(['with a model', 'without a key', 'without a server'])
})

test.each([
  ['llm:\n  openai:\n    modle: x\n', 'config llm.openai.modle: unknown key'],
  ['llm:\n  openai:\n    base_url: localhost:99\n', 'config llm.openai.base_url: "localhost:99" is not the URL of an API'],
  ['llm:\n  openai: hello\n', 'config llm.openai: expected keys and values'],
  ['llm:\n  default_provider: opnai\n', 'config llm.default_provider: there is no provider named "opnai"\nhint: did you mean openai?'],
  ['llm:\n  default_provider: 3\n', 'config llm.default_provider: there is no provider named 3'],
])('a mistake in the config is told also where nobody names a provider: %j', async (config, told) => {
  const home = here(makeHome())
  home.write(USER_CONFIG, config)
  const { code, stderr } = await home.run('chat', 'hi')
  expect(code).toBe(1)
  expect(stderr).toContain(told)
})

test('a slip in the name of a provider is told, and a block of a name of its own is not', async () => {
  const home = makeHome()
  home.write(USER_CONFIG, 'llm: { antropic: { api_key: x }, default_provder: openai, gateway: { x: 1 }, google: {}, meta_llama: {} }\n')
  const { stderr } = await home.run('session', 'list')
  expect(stderr).toContain('unknown key llm.antropic; did you mean llm.anthropic?')
  expect(stderr).toContain('unknown key llm.default_provder; did you mean llm.default_provider?')
  expect(stderr.match(/unknown key/g)).toHaveLength(2)
})

test('a model may be named with its provider, as it is told of after a reply', async () => {
  const [ollama, meta] = [await openModel('ollama'), await openModel('meta')]
  const home = here(makeHome({ OLLAMA_HOST: ollama.url, LLAMA_API_KEY: 'k', LLAMA_BASE_URL: meta.url }))
  await home.ok('chat', '-m', 'ollama/a/b', 'hi')
  expect(ollama.requests.at(-1)?.body.model).toBe('a/b')
  await home.ok('chat', '-r', '-m', 'meta/c', 'hi')
  expect(meta.requests.at(-1)?.body.model).toBe('c')
  await home.ok('chat', '--provider', 'ollama', '-m', 'meta/c', 'hi')
  await home.ok('chat', '--provider', 'ollama', '-m', 'nobody/c', 'hi')
  expect(ollama.requests.slice(-2).map(({ body }) => body.model)).toEqual(['meta/c', 'nobody/c'])
})

test('behind an address of its own openai may have models of any name', async () => {
  const model = await openModel('openai-chat')
  const home = here(
    makeHome({
      OPENAI_API_KEY: 'k',
      OPENAI_BASE_URL: `${model.url}/v1`,
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
    }),
  )
  home.write(USER_CONFIG, 'llm:\n  default_provider: openai\n')
  for (const name of ['anthropic/claude-x', 'openai/gpt-4o']) {
    await home.ok('chat', '-m', name, 'hi')
    expect(model.requests.at(-1)?.body.model).toBe(name)
  }
})

test('a session says nothing of a provider that was a guess', async () => {
  const home = here(makeHome())
  await home.create('--title', 'One')
  const model = await openModel('ollama')
  const env = { ...home.env, OLLAMA_HOST: model.url }
  expect(await home.runWith({ env }, 'chat', '-r', 'again')).toMatchObject({ code: 0, stdout: 'Hello\n' })
})

test('what fails before a reply begins is a line of jsonl too', async () => {
  const run = (...flags: string[]) => here(makeHome()).run('chat', '--format', 'jsonl', ...flags, 'hi')
  for (const [flags, problem] of [
    [[], 'no-provider'],
    [['--provider', 'openai'], 'no-key'],
  ] as const) {
    const { code, stdout } = await run(...flags)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ type: 'error', code: problem })
  }
})

test('a timeout of years warns of nothing', async () => {
  const model = await openModel('ollama')
  const home = here(makeHome())
  home.write(USER_CONFIG, `llm:\n  ollama: { base_url: "${model.url}", timeout: 1000000000000 }\n`)
  const { stderr } = await home.run('chat', '--provider', 'ollama', 'hi')
  expect(stderr).toMatch(/^ollama\/model-a · .*\n$/)
})

test('a session of a provider that is not there can be asked of another', async () => {
  const model = await openModel('ollama')
  const home = makeHome({ OLLAMA_HOST: model.url })
  const session = { id: 'imported0001', title: 'x', provider: 'cohere', model: 'command', messages: [] }
  home.write('in.json', JSON.stringify(session))
  await home.ok('session', 'import', 'in.json')
  expectProblem(await home.run('chat', '-s', 'imported0001', 'hi'), 2, 'there is no provider "cohere"')
  expect(await home.ok('chat', '-s', 'imported0001', '--provider', 'ollama', 'hi')).toBe('Hello\n')
  expect(model.requests.at(-1)?.body.model).toBe('model-a')
})

test('flags go before the session, and the session before the config, for provider and model', async () => {
  const [ollama, meta] = [await openModel('ollama'), await openModel('meta')]
  const home = here(makeHome({ OLLAMA_HOST: ollama.url, LLAMA_API_KEY: 'k', LLAMA_BASE_URL: meta.url }))
  home.write(USER_CONFIG, 'llm:\n  default_provider: ollama\n  ollama: { model: from-config }\n  meta: { model: meta-config }\n')
  await home.ok('chat', 'hi')
  expect(ollama.requests.at(-1)?.body.model).toBe('from-config')
  await home.ok('chat', '-r', '--provider', 'meta', 'hi')
  expect(meta.requests.at(-1)?.body.model).toBe('meta-config')
  await home.ok('chat', '-r', '-m', 'flag', 'hi')
  await home.ok('chat', '-r', 'hi')
  expect(meta.requests.slice(-2).map(({ body }) => body.model)).toEqual(['flag', 'flag'])
  await home.ok('chat', '-r', '--provider', 'ollama', 'hi')
  expect(ollama.requests.at(-1)?.body.model).toBe('from-config')
})

test('azure asks the deployment, whatever the model beside it is called', async () => {
  const model = await openModel('azure')
  const home = here(makeHome({ AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: model.url, AZURE_OPENAI_DEPLOYMENT_NAME: 'mine' }))
  home.write(USER_CONFIG, 'llm:\n  azure: { model: gpt-x, api_version: "2024-10-21" }\n')
  expect(await home.ok('provider', 'list')).toMatch(/azure.* mine$/m)
  await home.run('chat', '--provider', 'azure', 'hi')
  expect(model.requests.at(-1)?.path).toContain('/deployments/mine/')
})

test('a command for a key runs once, however often the provider is asked', async () => {
  const server = await serve((response) => response.writeHead(503, { 'retry-after': '0' }).end('{}'))
  const home = here(makeHome({ LLAMA_BASE_URL: server.url }))
  home.write(USER_CONFIG, `llm:\n  meta:\n    api_key_command: echo x >> ${home.path('runs')}; echo key\n`)
  await home.run('chat', '--provider', 'meta', 'hi')
  expect(server.requests).toHaveLength(3)
  expect(home.read('runs')).toBe('x\n')
})

test.each([
  ['key\n', 'key'],
  ['  key  ', 'key'],
])('the blanks around a key do not count: %j', async (given, sent) => {
  const model = await openModel('meta')
  await here(makeHome({ LLAMA_BASE_URL: model.url, LLAMA_API_KEY: given })).ok('chat', '--provider', 'meta', 'hi')
  expect(model.requests[0]?.headers.authorization).toBe(`Bearer ${sent}`)
})

test('a key that no header takes is told of by its place, and a blank one is none', async () => {
  for (const key of ['one\ntwo', 'schlüssel']) {
    const result = await here(makeHome({ LLAMA_API_KEY: key })).run('chat', '--provider', 'meta', 'hi')
    expectProblem(result, 1, 'the key of LLAMA_API_KEY contains a character that no key has')
    expect(result.stderr).not.toContain(key)
  }
  expectProblem(await here(makeHome({ LLAMA_API_KEY: '  ' })).run('chat', '--provider', 'meta', 'hi'), 1, 'meta needs an API key')
})

test.each([
  ['', '/'],
  ['/', '/'],
  ['/behind/a/path', '/behind/a/path/'],
])('OLLAMA_HOST may be an address with %j behind it', async (tail, prefix) => {
  const server = await serve((response) => response.end('{"models":[]}'))
  const host = server.url.replace('http://', '')
  await here(makeHome({ OLLAMA_HOST: host + tail })).run('models', 'ollama')
  expect(server.requests[0]?.path).toBe(`${prefix}api/tags`)
})

test.each([
  ['::1', 'http://[::1]:11434'],
  ['[::1]:99', 'http://[::1]:99'],
  ['box', 'http://box:11434'],
  ['"box:99"', 'http://box:99'],
  [':99', 'http://127.0.0.1:99'],
])('OLLAMA_HOST %s is %s', async (host, url) => {
  const rows = await here(makeHome({ OLLAMA_HOST: host })).json('provider', 'list', '--json')
  expect(rows.find(({ name }: { name: string }) => name === 'ollama').base_url).toBe(url)
})

test('what an address holds beside a path is not shown', async () => {
  const home = here(makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'https://bob:hunter2222@host.example/v1' }))
  expect(await home.ok('provider', 'list', '--json')).toContain('https://***@host.example/v1')
  const query = here(makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'https://bob:hunter2222@host.example/v1?key=QSECRET99' }))
  const { stdout } = await query.run('provider', 'list', '--json')
  const { stderr } = await query.run('chat', '--provider', 'openai', 'hi')
  expect(stderr).toContain('OPENAI_BASE_URL: "https://***@host.example/v1?…" is not the URL of an API: it has more than a path')
  expect(stdout + stderr).not.toMatch(/hunter2222|QSECRET99/)
})

test.each([
  ['openai', '{"data":[{"id":"a","created":"2024-01-01"},{"id":"b"}]}', ['a', 'b']],
  ['ollama', '{"models":[{"name":"a"},{"name":"b","modified_at":"never"}]}', ['a', 'b']],
])('%s lists models whose dates are odd', async (provider, body, ids) => {
  const server = await serve((response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body))
  const home = here(makeHome({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.url, OLLAMA_HOST: server.url }))
  expect((await home.json('models', provider, '--json')).map(({ id }: { id: string }) => id)).toEqual(ids)
})

test.each([
  ['openai', '{"models":[]}', 'openai does not answer as its API does'],
  ['openai', 'null', 'openai does not answer as its API does'],
  ['anthropic', '{"error":{"message":"nope"}}', 'anthropic refused the request (200): nope'],
  ['ollama', '{}', 'ollama does not answer as its API does'],
])('%s that lists models as %s is told in words', async (provider, body, told) => {
  const server = await serve((response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body))
  const env = {
    OPENAI_API_KEY: 'k',
    OPENAI_BASE_URL: server.url,
    OLLAMA_HOST: server.url,
    ANTHROPIC_API_KEY: 'k',
    ANTHROPIC_BASE_URL: server.url,
  }
  const result = await here(makeHome(env)).run('models', provider)
  expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining(told) })
})

test('a list that never goes on ends, and a long one warns of nothing', async () => {
  let last = 0
  const server = await serve((response) => {
    last = Math.min(last + 1, 15)
    response.end(JSON.stringify({ data: [{ id: `m${last}` }], has_more: true, last_id: `m${last}` }))
  })
  const home = here(makeHome({ ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: server.url }))
  const { code, stderr } = await home.run('models', 'anthropic')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(server.requests).toHaveLength(16)
})

test('models without a provider that answers says so', async () => {
  const { code, stdout, stderr } = await here(makeHome({ OLLAMA_HOST: 'http://127.0.0.1:9' })).run('models')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^no server listens at the address of ollama: .*\nerror: no configured provider returned a list of models\nhint: /)
})

test('a provider of a plugin: what it does not say is not missing, and what is no function is told', async () => {
  const home = makeHome()
  const reply = 'async *reply() { yield 5 }'
  usePlugins(home, {
    'plain.ts': plugin('plain', adds('providers', `{ name: 'plain', ${reply}, list: async () => [{ id: 'one' }] }`)),
    'wrong.ts': plugin('wrong', adds('providers', `{ name: 'wrong', ${reply}, defaultModel: 'x' }`)),
  })
  const { stdout, stderr } = await home.run('provider', 'list')
  expect(stdout).toMatch(/^plain +not needed/m)
  expect(stderr).toContain('the provider "wrong" has an invalid defaultModel: expected a function')
  expect((await home.json('models', 'plain', '--json'))[0]).toMatchObject({ provider: 'plain', id: 'one' })
  expect((await home.run('chat', '--provider', 'plain', 'hi')).stderr).toContain('reply yielded 5, expected text or an object')
})

test('config show hides keys, and no numbers of tokens', async () => {
  const home = here(makeHome())
  home.write(USER_CONFIG, 'llm:\n  anthropic:\n    api_key: sk-1\n    max_tokens: 800\n    options: { thinking: { budgetTokens: 20 } }\n')
  expect(JSON.parse(await home.ok('config', 'show', '--json'))).toMatchObject({
    llm: { anthropic: { api_key: '***', max_tokens: 800, options: { thinking: { budgetTokens: 20 } } } },
  })
})

test.each([
  ['--temperature', ''],
  ['--temperature', '0x1'],
  ['--temperature', '2.1'],
  ['--model', ' '],
])('%s %j is refused', async (flag, value) => {
  expect((await here(makeHome()).run('chat', flag, value, 'hi')).code).toBe(2)
})

const SHARED = 'max_tokens: 77, temperature: 0.5, top_p: 0.25, headers: { x-team: blue }'

test.each([
  ['openai', 'openai-chat', '/v1', SHARED, { max_tokens: 77, temperature: 0.5, top_p: 0.25 }],
  ['anthropic', 'anthropic', '', SHARED, { max_tokens: 77, temperature: 0.5 }],
  ['gemini', 'gemini', '/v1beta', SHARED, { generationConfig: { maxOutputTokens: 77, temperature: 0.5, topP: 0.25 } }],
  ['meta', 'meta', '', SHARED, { max_tokens: 77, temperature: 0.5, top_p: 0.25 }],
  [
    'ollama',
    'ollama',
    '',
    `${SHARED}, keep_alive: 10m, num_ctx: 4096, options: { think: true }`,
    { options: { num_predict: 77, temperature: 0.5, top_p: 0.25, num_ctx: 4096 }, keep_alive: '10m', think: true },
  ],
] as const)('what the config says of %s reaches its API', async (provider, wire, path, block, body) => {
  const model = await openModel(wire)
  const home = here(makeHome())
  home.write(USER_CONFIG, `llm:\n  ${provider}: { api_key: k, model: m, base_url: "${model.url}${path}", ${block} }\n`)
  await home.ok('chat', '--provider', provider, 'hi')
  expect(model.requests.at(-1)?.body).toMatchObject(body)
  expect(model.requests.at(-1)?.headers['x-team']).toBe('blue')
  await home.ok('chat', '--provider', provider, '--max-tokens', '5', '--temperature', '1', 'hi')
  expect(JSON.stringify(model.requests.at(-1)?.body)).toMatch(
    /"(max_tokens|maxOutputTokens|num_predict)":5\b.*"temperature":1\b|"temperature":1\b.*"(max_tokens|maxOutputTokens|num_predict)":5\b/,
  )
})
