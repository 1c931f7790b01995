import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { failure, script } from '../helpers/seed.ts'

const words = (text: string) => text.replace(/\b[0-9a-z]{12}\b/, '<id>')

test('create prints the id, the details and that the session is now active', async () => {
  const home = makeHome()
  const flags = ['--tags', 'golang, api,,rest', '--provider', 'anthropic', '--model', 'claude-3-5-sonnet-20241022']
  const out = await home.ok('session', 'create', '--title', 'API Development', ...flags, '--metadata', '{"project":"myapp","deep":[1]}')
  expect(words(out)).toMatchInlineSnapshot(`
    "Created session <id>
    Title: API Development
    Tags: golang, api, rest
    Provider: anthropic
    Model: claude-3-5-sonnet-20241022
    Project: myapp
    Deep: [1]
    Status: active
    It is now the active session.
    "
  `)
})

test('create --no-activate leaves the active session as it is', async () => {
  const home = makeHome()
  expect(words(await home.ok('session', 'create', '--title', 'Draft Session', '--no-activate'))).toMatchInlineSnapshot(`
    "Created session <id>
    Title: Draft Session
    Tags: 
    Status: active
    "
  `)
  const active = await home.create('--title', 'Active')
  await home.create('--title', 'Another draft', '--no-activate')
  const rows = await home.json('session', 'list', '--format', 'json')
  expect(rows.filter((row: object) => 'activated_at' in row).map((row: { id: string }) => row.id)).toEqual([active])
})

test('create --json gives the row that list gives', async () => {
  const home = makeHome()
  const row = await home.json('session', 'create', '--title', 'T', '--tags', 'b,a,b', '--metadata', '{"b":1,"a":{"x":null}}', '--json')
  expect(row).toMatchObject({ title: 'T', status: 'active', provider: null, model: null, tags: ['b', 'a'], message_count: 0 })
  expect(row.id).toMatch(/^[0-9a-z]{12}$/)
  expect(row.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/)
  expect(row.updated_at).toBe(row.created_at)
  expect(JSON.stringify(row.metadata)).toBe('{"b":1,"a":{"x":null}}')
  expect(await home.json('session', 'list', '--json')).toEqual([row])
})

test('a title is required and is not blank', async () => {
  const home = makeHome()
  const [none, empty, blank] = await Promise.all([
    failure(home, 2, ['session', 'create']),
    failure(home, 2, ['session', 'create', '--title', '']),
    failure(home, 2, ['session', 'create', '--title', ' \t\n\u3000']),
  ])
  expect(none).toMatchInlineSnapshot(`
    "error: session create needs --title
    hint: ainative-code session create --help
    "
  `)
  expect(empty).toMatchInlineSnapshot(`
    "error: --title "": a title cannot be blank
    "
  `)
  expect(blank).toContain('a title cannot be blank')
  expect(await home.json('session', 'list', '--all', '--format', 'json')).toEqual([])
})

test('the seven providers of the guide are known, another is refused with the nearest name', async () => {
  const home = makeHome()
  const names = ['anthropic', 'openai', 'azure', 'bedrock', 'gemini', 'ollama', 'meta']
  const { code } = await script(home, ...names.map((name) => `session create --title ${name} --provider ${name}`))
  expect(code).toBe(0)
  const rows: { provider: string }[] = await home.json('session', 'list', '--format', 'json')
  expect(rows.map(({ provider }) => provider).sort()).toEqual([...names].sort())
  const wrong = await home.run('session', 'create', '--title', 'T', '--provider', 'antropic')
  expect(wrong.code).not.toBe(0)
  expect(wrong.stderr).toMatchInlineSnapshot(`
    "error: there is no provider "antropic"
    hint: did you mean anthropic?
    "
  `)
})

test('metadata is a JSON object', async () => {
  const home = makeHome()
  const wrong = ['[]', '"text"', '1', 'null', '{bad', '', '{"a":1} x']
  const said = await Promise.all(wrong.map((text) => failure(home, 2, ['session', 'create', '--title', 'T', '--metadata', text])))
  expect(said[0]).toMatchInlineSnapshot(`
    "error: --metadata "[]": expected a JSON object such as {"project":"myapp"}
    "
  `)
  expect(said.every((each, i) => each.startsWith(`error: --metadata ${JSON.stringify(wrong[i])}: expected a JSON object`))).toBe(true)
})

test('metadata that only seem to keep the session on this device are refused', async () => {
  const home = makeHome()
  const wrong = ['{"sync":"Local-Only"}', '{"sync":true}', '{"Sync":"local-only"}']
  const said = await Promise.all(wrong.map((text) => failure(home, 2, ['session', 'create', '--title', 'T', '--metadata', text])))
  expect(said.join('')).toMatchInlineSnapshot(`
    "error: --metadata: sync cannot be "Local-Only", expected "local-only"
    hint: --local-only keeps the session on this device
    error: --metadata: sync cannot be true, expected "local-only"
    hint: --local-only keeps the session on this device
    error: --metadata: a metadata key cannot be "Sync": the key that keeps a session on this device is sync
    hint: --local-only keeps the session on this device
    "
  `)
  const row = await home.json('session', 'create', '--title', 'T', '--metadata', '{"sync":"local-only"}', '--json')
  expect(row.metadata).toEqual({ sync: 'local-only' })
})

test('tags in the metadata are tags', async () => {
  const home = makeHome()
  const row = await home.json('session', 'create', '--title', 'T', '--tags', 'a', '--metadata', '{"tags":["b","a"],"x":1}', '--json')
  expect(row).toMatchObject({ tags: ['a', 'b'], metadata: { x: 1 } })
})

test('a mistyped flag, a word too many and a flag without its value are wrong usage', async () => {
  const home = makeHome()
  const [flag, word, value] = await Promise.all([
    failure(home, 2, ['session', 'create', '--titel', 'T']),
    failure(home, 2, ['session', 'create', '--title', 'Two', 'words']),
    failure(home, 2, ['session', 'create', '--title']),
  ])
  expect(flag).toMatchInlineSnapshot(`
    "error: session create has no flag --titel
    hint: did you mean --title?
    "
  `)
  expect(word).toMatchInlineSnapshot(`
    "error: unexpected argument "words": session create takes no arguments
    hint: quote a text that contains spaces
    "
  `)
  expect(value).toMatchInlineSnapshot(`
    "error: --title needs a value
    hint: ainative-code session create --help
    "
  `)
})

test('the newest activation is what a session to resume is known by', async () => {
  const home = makeHome()
  const first = await home.create('--title', 'First')
  const second = await home.create('--title', 'Second')
  const [newer, older] = await home.json('session', 'list', '--format', 'json')
  expect([newer.id, older.id]).toEqual([second, first])
  expect(Date.parse(newer.activated_at)).toBeGreaterThan(Date.parse(older.activated_at))
})
