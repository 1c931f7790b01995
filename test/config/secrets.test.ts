import { expect, test } from 'vitest'
import { maskSecrets } from '../../core/output/mask-settings.ts'
import { maskedName, withoutKeys } from '../../core/output/secret-names.ts'
import { makeHome } from '../helpers/cli.ts'
import { plugin, USER_CONFIG } from '../helpers/plugins.ts'
import { thin } from '../helpers/thin.ts'

const KEY = 'sk-live-0123456789abcdef'
/** The starts whose output may have a key: two that a wrong config does not stop, and a script of others. */
const STARTS = [
  { argv: ['config', 'show'] },
  { argv: ['plugin', 'list'] },
  { argv: ['--debug', '--keep-going'], input: 'provider list\nchat hi\nchat --provider openai -m m hi\n' },
]

/** All that these starts print with this config. */
async function printed(config: string, name = USER_CONFIG): Promise<string> {
  // Nothing answers there.
  const home = makeHome({ OPENAI_BASE_URL: config.includes('base_url') ? '' : 'http://127.0.0.1:9/v1', OLLAMA_HOST: 'http://127.0.0.1:9' })
  home.write(name, config)
  const runs = await Promise.all(STARTS.map(({ argv, input }) => home.runWith({ input }, ...argv)))
  return runs.map(({ stdout, stderr }) => stdout + stderr).join('')
}

const WRONG_PLACES = [
  [`llm: ${KEY}`, 'config llm: expected keys and values, not a string'],
  [`llm: [${KEY}]`, 'config llm: expected keys and values, not a list'],
  [`llm: { openai: ${KEY} }`, 'config llm.openai: expected keys and values, not a string'],
  [`llm: { openai: { api_key: "\${${KEY}}" } }`, 'config llm.openai.api_key: ${sk-***} is not a reference to an environment variable'],
  ['llm: { openai: { api_key: "${sk_live_0123456789abcdef}" } }', 'api_key: the environment variable sk_*** is not set'],
  [`llm: { openai: { api_key: !${KEY} } }`, 'unknown tag; quote a value that starts with !, & or *'],
  [`llm: { openai: { api_key: !!${KEY} x } }`, 'unknown tag; quote a value that starts'],
  [`llm: { openai: { api_key: !<${KEY}> x } }`, 'unknown tag; quote a value that starts'],
  [`llm: { openai: { api_key: !sk!live-${KEY} x } }`, 'undeclared tag handle; quote a value that starts'],
  [`llm: { openai: { api_key: *${KEY} } }`, 'unidentified alias; quote a value that starts with !, & or *'],
  [`llm: { openai: { api_key: &${KEY} } }`, 'config llm.openai.api_key: Invalid input: expected string, received null'],
  [`llm: { openai: { api_key: { ${KEY}: } } }`, 'config llm.openai.api_key: Invalid input: expected string, received object'],
  [`llm: { ${KEY}: {} }`, 'unknown key llm.sk-***\n'],
  [`llm: { openai: { ${KEY}: } }`, 'config llm.openai.sk-***: unknown key'],
  [`llm: { openai: { api_key: k, headers: { "Authorization: Bearer ${KEY}": x } } }`, 'headers.Aut***: this is not the name of a header'],
  [`llm: { openai: { api_key: k, timeout: ${KEY} } }`, 'expected seconds'],
  [`llm: { openai: { api_key_command: ${KEY} } }`, 'expected a command that prints the key, not the key'],
  [`llm: { default_provider: ollama, ollama: { model: m, num_ctx: ${KEY} } }`, 'config llm.ollama.num_ctx: expected a number above 0'],
  [`llm: { default_provider: bedrock, bedrock: { region: ${KEY}, api_key: k, model: m } }`, 'bedrock-runtime.***'],
  [`llm: { default_provider: ${KEY} }`, 'config llm.default_provider: there is no provider named "sk-***"'],
  [`llm: { openai: { base_url: ${KEY} } }`, '"sk-***" is not the URL of an API'],
  [`llm: { openai: { base_url: "me:${KEY}@host/v1" } }`, '"me:***" is not the URL of an API: its scheme is neither http nor https'],
  [`llm: { openai: { base_url: "//me:${KEY}@host/v1" } }`, '"//m***" is not the URL of an API: Invalid URL'],
  [`${KEY}: 1`, 'unknown key sk-***\n'],
  [`defaults: { ${KEY}: 1, sort: ${KEY} }`, 'config defaults.sort: Invalid option'],
  [`defaults: ${KEY}`, 'config defaults: expected keys and values, not a string'],
  [`plugins: [${KEY}]`, 'cannot find package sk-*** from '],
  [`plugins: [./${KEY}/x.ts]`, '/sk-***/x.ts'],
  [`plugins: ["https://me:${KEY}@host/x.ts"]`, 'https://me:***@host/x.ts is a URL, expected a file path or a package name'],
  [`plugins: ["https://host/x.ts?token=${KEY}"]`, 'https://host/x.ts?token=*** is a URL'],
  [`plugins: ["${KEY}/%2e"]`, 'was not loaded'],
  [KEY, 'expected keys and values'],
  [`a: "b\n${KEY}\n`, 'unexpected end of the stream within a double quoted scalar'],
] as const

test.each(thin(4, WRONG_PLACES))('a key in a wrong place of the config is not printed: %s', async (config, message) => {
  const text = await printed(config)
  expect(text).toContain(message)
  expect(text).not.toContain(KEY.slice(4, 16))
  expect(text).not.toContain(KEY.replaceAll('-', '_').slice(4, 16))
})

test.each([
  ['config.json', `{"llm": {"openai": {"api_key": ${KEY}}}}`, "line 1, column 32: Unexpected token 's'\n"],
  ['config.json', `{"llm": {"openai": {"api_key": "${KEY}}}}`, 'line 1, column'],
  ['config.json', `"${KEY}"`, 'expected keys and values'],
  ['config.ts', `export default { llm: { openai: { api_key: sk_live_0123456789abcdef } } }`, 'sk_*** is not defined'],
  ['config.ts', `export default { llm: { openai: { api_key: ${KEY.replace('live-', 'live ')} } } }`, 'cannot read the config'],
])('a key without quotes in %s is not printed: %s', async (name, config, message) => {
  const text = await printed(config, `.config/ainative-code/${name}`)
  expect(text).toContain(message)
  expect(text).not.toContain('0123456789')
})

test('an untrusted project that has a key for a name does not get it printed, and neither does trust', async () => {
  const home = makeHome()
  home.write('.ainativerc', `${KEY}: 1\nmine: { ${KEY}: { password: hunter22 }, login: hunter33 }\n`)
  const runs = [await home.run('session', 'list'), await home.run('trust'), await home.run('config', 'show')]
  const text = runs.map(({ stdout, stderr }) => stdout + stderr).join('')
  expect(text).toContain('skipped sk-***, mine')
  expect(text).not.toMatch(/0123456789|hunter/)
})

test('config show masks every text of an unknown block, and shows what is known to be harmless', async () => {
  const home = makeHome()
  home.write(
    USER_CONFIG,
    [
      'mine: { login: hunter22, count: 5, on: true, pin: 1234, list: [hunter22, 3], none: null, empty: "", from: "${MINE}" }',
      'services: { any: { deep: { value: hunter22 }, endpoint: "https://me:hunter22@host/x?token=hunter22", url: "hunter22:hunter22@host/x" }, hook: { url: "https://hooks.example/services/T000/XXXXXXXXXXXXXXXXXXXXXXXX" } }',
      'llm: { openai: { model: gpt-5.5, base_url: "http://hunter22@host/v1", headers: { x-team: hunter22 }, options: { effort: high, user: hunter22 } } }',
      'storage: { path: ~/a@b/mine.db }',
      'defaults: { tags: [go] }',
    ].join('\n'),
  )
  const { plugins, ...shown } = await home.json('config', 'show', '--json')
  expect(shown).toEqual({
    mine: { login: '***', count: 5, on: true, pin: '***', list: ['***', 3], none: null, empty: '', from: '${MINE}' },
    services: {
      any: { deep: { value: '***' }, endpoint: 'https://me:***@host/x?token=***', url: 'hunter22:***@host/x' },
      hook: { url: 'https://hooks.example/services/T000/***' },
    },
    llm: {
      openai: { model: 'gpt-5.5', base_url: 'http://***@host/v1', headers: { 'x-team': '***' }, options: { effort: 'high', user: '***' } },
    },
    storage: { path: '~/a@b/mine.db' },
    defaults: { tags: ['go'] },
  })
})

test('config show cuts a key within a harmless text, also within a reference', async () => {
  const home = makeHome()
  home.write(
    USER_CONFIG,
    [
      'plugins: ["${sk-envsecret0000}", "x=sk-envsecret0001"]',
      'weird: { url: "${sk-envsecret0002}", model: "${sk-envsecret0003}", path: "x${sk-envsecret0004}", title: "a sk-envsecret0005" }',
    ].join('\n'),
  )
  const { stdout, stderr } = await home.run('config', 'show')
  expect(JSON.parse(stdout)).toMatchObject({
    plugins: expect.arrayContaining(['${sk-***}', 'x=s***']),
    weird: { url: '${sk-***}', model: '${sk-***}', path: 'x${sk-***}', title: 'a sk-***' },
  })
  expect(stdout + stderr).not.toContain('envsecret')
})

test('a secret parameter is masked in the query and in the fragment of a URL or of the name of a plugin', async () => {
  const text = await printed(
    [
      'plugins: ["npm:@x/y#token=hunter11", "https://h/x.ts#a=1&access_token=hunter12/hunter13", "./x.ts#passwd=hunter14/hunter15"]',
      'llm: { openai: { base_url: "https://h/v1#token=hunter16" } }',
      'mine: { url: "https://h/?a=1;auth=hunter17", endpoint: "https://h/#/route?sig=hunter18#sig=hunter19" }',
    ].join('\n'),
  )
  for (const shown of ['@x/y#token=***', 'h/x.ts#a=1&access_token=***', 'https://h/v1#token=***', 'h/?a=1;auth=***', 'route?sig=***'])
    expect(text).toContain(shown)
  expect(text).not.toContain('hunter')
})

test("a schema's message does not get a secret of the block printed", async () => {
  const home = makeHome()
  home.write(USER_CONFIG, 'plugins: [~/own.ts]\nown: { password: hunter22 }\n')
  home.write(
    'own.ts',
    plugin('own', '').replace(
      "name: 'own',",
      "name: 'own', config: (z: any) => z.object({ password: z.string().refine(() => false, { error: (issue: any) => `not ${issue.input}` }) }),",
    ),
  )
  const { stderr } = await home.run('session', 'list')
  expect(stderr).toContain('config own.password: not ***')
})

test.each(['openai', 'my_plugin', 'gpt-4o-2024-08-06', 'max_tokens', 'x.y', 'größe', 'with space', 'claude-sonnet-4-5-20250929'])(
  '%s is a name',
  (name) => {
    expect(maskedName(name)).toBe(name)
  },
)

test.each([
  'sk-abc',
  'sk_live_x',
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  'AIzaSyA-1234567890',
  'AKIAIOSFODNN7EXAMPLE',
  'gsk_abc',
  'xoxb-1-2',
  'eyJhbGciOiJIUzI1NiJ9.e30.x',
  '0123456789abcdef0123456789abcdef',
  'p@ssw0rd=',
  `a${'b'.repeat(40)}`,
])('%s is a key in the place of a name', (name) => {
  expect(maskedName(name)).toBe(`${name.slice(0, 3)}***`)
})

test('a key within a text is cut, and the rest stays', () => {
  expect(withoutKeys(`config.ts:3: ${KEY} is not defined at /home/me/config.ts`)).toBe(
    'config.ts:3: sk-*** is not defined at /home/me/config.ts',
  )
  expect(maskSecrets({ model: KEY, path: '/a/b' })).toEqual({ model: '***', path: '/a/b' })
})
