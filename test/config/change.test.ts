import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { keyText, parseKey } from '../../plugins/config/key.ts'
import { valuesOf } from '../../plugins/config/value.ts'
import { type Home, makeHome } from '../helpers/cli.ts'
import { expectProblem } from '../helpers/problem.ts'
import { onTerminal } from '../helpers/terminal.ts'

const CONFIG = '.config/ainative-code/config.yaml'
const KEY = 'sk-live-0123456789abcdef'

test('keys are names between dots; a name with a dot stands in quotes', () => {
  for (const [key, names] of [
    ['defaults.limit', ['defaults', 'limit']],
    ['prices."gpt-4.1".input', ['prices', 'gpt-4.1', 'input']],
    ['a."\\"\\\\ b"', ['a', '"\\ b']],
  ] as [string, string[]][]) {
    expect(parseKey(key)).toEqual(names)
    expect(keyText(names)).toBe(key)
  }
  for (const key of ['', '.', 'a.', '.a', 'a..b', 'a."b', 'a."b"c', 'a"b']) expect(() => parseKey(key), key).toThrow('is not a key')
})

test('what a text of the command line may mean', async () => {
  const likeliest = async (text: string) => (await valuesOf(text))[0]
  expect(await Promise.all(['20', '-0.5', 'true', '007', '1e5', '', '~', '[a, 1]', '{"a":1}', '[a', '# x'].map(likeliest))).toEqual([
    20,
    -0.5,
    true,
    '007',
    '1e5',
    '',
    '~',
    ['a', 1],
    { a: 1 },
    '[a',
    '# x',
  ])
  expect(await valuesOf('go, api')).toEqual(['go, api', ['go', 'api']])
})

describe('config get, set and unset', () => {
  test('change one value, and keep comments', async () => {
    const home = makeHome()
    home.write(CONFIG, '# mine\ndefaults: { limit: 5 } # five\n')
    fs.chmodSync(home.path(CONFIG), 0o644)
    expect(await home.ok('config', 'set', 'defaults.limit', '20')).toBe(`Set defaults.limit in ${home.path(CONFIG)}\n`)
    await home.ok('config', 'set', 'defaults.tags', 'go,api')
    await home.ok('config', 'set', 'llm.openai.model', '4')
    expect(home.read(CONFIG)).toBe('# mine\ndefaults: { limit: 20, tags: [ go, api ] } # five\nllm:\n  openai:\n    model: "4"\n')
    expect(fs.statSync(home.path(CONFIG)).mode & 0o777).toBe(0o600)
    expect(await home.ok('config', 'get', 'defaults.limit')).toBe('20\n')
    expect(await home.json('config', 'get', 'defaults', '--json')).toEqual({ limit: 20, tags: ['go', 'api'] })
    await home.ok('config', 'unset', 'llm.openai.model')
    expect(home.read(CONFIG)).not.toContain('llm')
    expectProblem(await home.run('config', 'unset', 'llm.openai.model'), 1, 'llm.openai.model is not set in')
    expectProblem(await home.run('config', 'get', 'defaults.sort'), 1, 'defaults.sort is not set in')
  })

  test('refuse unknown keys and wrong values, and write nothing', async () => {
    const home = makeHome()
    const before = home.write(CONFIG, 'llm: { openai: { api_key: "${NOT_SET}" } }\n') && home.read(CONFIG)
    const refused = async (key: string, value: string, ...says: string[]) =>
      expectProblem(await home.run('config', 'set', key, value), ...([says.length > 1 ? 2 : 1, ...says] as [number, ...string[]]))
    await refused('defaults.limt', '3', 'unknown key defaults.limt', 'did you mean defaults.limit?')
    await refused('llm.openai.modle', 'x', 'unknown key llm.openai.modle', 'did you mean llm.openai.model?')
    await refused('llm.openai', '{ modle: x }', 'unknown key llm.openai.modle', 'did you mean llm.openai.model?')
    await refused('defaults', '{ limit: 3, limt: 3 }', 'unknown key defaults.limt', 'did you mean defaults.limit?')
    await refused('defaults.limit', 'many', 'config defaults.limit: expected a whole number of 1 or more')
    await refused('llm.openai.max_tokens', 'many', 'config llm.openai.max_tokens: ')
    await refused('llm.default_provider', 'opnai', 'config llm.default_provider: expected a provider')
    await refused('defaults.tags', '[a, 1]', 'config defaults.tags.1: ')
    await refused('defaults.tags', '{a: b}', 'config defaults.tags: ')
    await refused('storage', 'x', 'config storage: ')
    expect(home.read(CONFIG)).toBe(before)
  })

  test('a secret comes from standard input or unseen from the terminal, and is never shown', async () => {
    const home = makeHome()
    const warned = await home.run('config', 'set', 'llm.openai.api_key', KEY)
    expect(warned).toMatchObject({ code: 0, stderr: expect.stringMatching(/^warning: .*--stdin/) })
    expect((await home.run('config', 'set', 'llm.meta.api_key', '${LLAMA_API_KEY}')).stderr).toBe('')
    const { code, stderr } = await home.runWith({ input: `${KEY}2\n` }, 'config', 'set', 'llm.openai.api_key', '--stdin')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(home.read(CONFIG)).toContain(`api_key: ${KEY}2\n`)
    const { screen } = await onTerminal(home, ['config', 'set', 'llm.openai.api_key'], [['api_key: ', `${KEY}3\r`]])
    expect(screen).toContain('Set llm.openai.api_key in')
    expect(screen).not.toContain('sk-')
    expect(home.read(CONFIG)).toContain(`api_key: ${KEY}3\n`)
    expect(await home.ok('config', 'get', 'llm.openai.api_key')).toBe('***\n')
    expect(await home.ok('config', 'get', 'llm')).not.toContain('sk-')
    expectProblem(await home.run('config', 'set', 'llm.openai.api_key'), 2, 'config set needs <value>', '--stdin')
  })

  test('a mode is no secret, although the name of its setting looks secret', async () => {
    const home = makeHome()
    for (const mode of ['password', 'token']) {
      const { code, stderr } = await home.run('config', 'set', 'services.zerodb.auth', mode)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(await home.ok('config', 'get', 'services.zerodb.auth')).toBe(`${mode}\n`)
      expect((await home.json('config', 'show', '--json')).services).toEqual({ zerodb: { auth: mode } })
    }
    expect((await home.run('config', 'set', 'llm.openai.api_key', 'keyring')).stderr).toBe('')
    expect(await home.ok('config', 'get', 'llm.openai.api_key')).toBe('keyring\n')
    // A password in the place of the mode is still a secret.
    expect((await home.run('config', 'set', 'services.zerodb.auth', 'hunter22')).stderr).toMatch(/^warning: this value is visible/)
    home.write(CONFIG, 'services: { zerodb: { auth: hunter22 } }\nown: { auth: hunter22, password: token }\n')
    expect(await home.ok('config', 'show')).not.toMatch(/hunter22|token/)
  })

  test('a URL with a password or a token in an argument produces a warning, and other URLs do not', async () => {
    const home = makeHome()
    const notes = async (key: string, value: string) => (await home.run('config', 'set', key, value)).stderr
    const endpoint = 'services.zerodb.endpoint'
    expect(await notes(endpoint, 'postgresql://anna:pw@db.example.com/postgres')).toBe(
      'warning: this value is visible to other programs and in the history of your shell; use --stdin, or set AINATIVE_ZERODB_PASSWORD in place of the password in the URL\n',
    )
    const { code, stderr } = await home.runWith({ input: 'postgresql://anna:pw@db.example.com/x\n' }, 'config', 'set', endpoint, '--stdin')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await notes('llm.openai.base_url', 'https://me:pw@api.example.com/v1')).toContain("or write '${NAME}' in place of the secret")
    for (const url of [
      'https://token@api.example.com/v1',
      'https://api.example.com/v1?a=1&access_token=pw',
      '{ base_url: "https://me:pw@api.example.com/v1" }',
    ])
      expect(await notes(url.startsWith('{') ? 'llm.openai' : 'llm.openai.base_url', url), url).toMatch(/^warning: this value is visible/)
    for (const url of [
      'postgresql://anna@db.example.com:5432/postgres?sslmode=require',
      'postgresql://anna:${PW}@db.example.com/postgres',
      'postgresql://db.example.com/postgres?password=${PW}',
    ])
      expect(await notes(endpoint, url), url).toBe('')
    for (const url of ['https://api.example.com:8080/a@b', 'https://${TOKEN}@api.example.com/v1', 'http://127.0.0.1:1/v1?a=b'])
      expect(await notes('llm.openai.base_url', url), url).toBe('')
  })

  test('JSON stays JSON, and a program is refused', async () => {
    const home = makeHome()
    const json = home.write('.config/ainative-code/config.json', '{\n    "defaults": { "limit": 5 }\n}\n')
    await home.ok('config', 'set', 'defaults.limit', '6')
    expect(JSON.parse(fs.readFileSync(json, 'utf8'))).toEqual({ defaults: { limit: 6 } })
    fs.rmSync(json)
    const file = home.write('.config/ainative-code/config.ts', 'export default { defaults: { limit: 7 } }\n')
    expect(await home.ok('config', 'get', 'defaults.limit')).toBe('7\n')
    expectProblem(
      await home.run('config', 'set', 'defaults.limit', '8'),
      1,
      `${file} is code, which no command can change`,
      `edit ${file} in your editor`,
    )
    expectProblem(await home.run('config', 'edit'), 1, `${file} is code`)
  })

  test('complete keys', async () => {
    const home = makeHome()
    const completed = (...words: string[]) => home.ok('complete', 'fish', '--', 'config', ...words)
    expect(await completed('set', 'llm.ollama.te')).toBe('llm.ollama.temperature\t\n')
    expect(await completed('get', 'defaults.li')).toBe('defaults.limit\t\n')
  })
})

describe('config edit', () => {
  const edit = (home: Home, script: string) => home.runWith({ env: { EDITOR: `sh -c '${script}' --` } }, 'config', 'edit')

  test('writes what the editor leaves, and warns of unknown keys', async () => {
    const home = makeHome()
    const { code, stdout, stderr } = await edit(home, 'echo "defaults: {limit: 3, limt: 4}" >> "$1"')
    expect({ code, stdout }).toEqual({ code: 0, stdout: `Changed ${home.path(CONFIG)}\n` })
    expect(stderr).toContain('unknown key defaults.limt; did you mean defaults.limit?')
    expect(home.read(CONFIG)).toMatch(/^# .*\ndefaults: \{limit: 3, limt: 4\}\n$/)
    expect((await edit(home, 'true')).stdout).toBe(`No changes in ${home.path(CONFIG)}\n`)
  })

  test('keeps nonsense in a file that it names, and the config as it is', async () => {
    const home = makeHome()
    home.env.TMPDIR = home.path('tmp')
    fs.mkdirSync(home.path('tmp'))
    const before = home.write(CONFIG, 'defaults: { limit: 3 }\n') && home.read(CONFIG)
    const kept = async (script: string, text: string, message: string | RegExp) => {
      const result = await edit(home, script)
      expectProblem(result, 1, message)
      const [, file = ''] = /your text is in (\S+)/.exec(result.stderr) ?? []
      expect(fs.readFileSync(file, 'utf8')).toContain(text)
      expect(fs.statSync(file).mode & 0o777).toBe(0o600)
      expect(home.read(CONFIG)).toBe(before)
      fs.rmSync(path.dirname(file), { recursive: true })
    }
    await kept('echo "a: [" > "$1"', 'a: [', 'line 2, column 1')
    await kept('echo "defaults: {limit: x}" > "$1"', 'limit: x', 'config defaults.limit: expected a whole number')
    await kept('echo "defaults: {limit: 9}" > "$1"; exit 3', 'limit: 9', 'ended with 3')
    expectProblem(await edit(home, 'exit 3'), 1, 'ended with 3; nothing was changed')
    expectProblem(await edit(home, 'rm "$1"'), 1, 'removed the file; nothing was changed')
    expectProblem(await edit(home, 'rm "$1"; mkdir "$1"'), 1, 'cannot read')
    expectProblem(await home.runWith({ env: { VISUAL: 'no-such-editor' } }, 'config', 'edit'), 1, 'there is no editor "no-such-editor"')
    expectProblem(await home.run('config', 'edit'), 1, 'no editor is set', 'set EDITOR')
    expect(fs.readdirSync(home.path('tmp'))).toEqual([])
    expect(home.read(CONFIG)).toBe(before)
  })

  test('opens a config that cannot be read, and overwrites no change of another process', async () => {
    const home = makeHome()
    home.write(CONFIG, 'a: [')
    expect((await edit(home, 'echo "defaults: {limit: 3}" > "$1"')).code).toBe(0)
    expectProblem(await edit(home, `echo "# mine" >> "$1"; echo "# other" >> ${home.path(CONFIG)}`), 1, 'another process changed')
    expect(home.read(CONFIG)).toBe('defaults: {limit: 3}\n# other\n')
  })
})
