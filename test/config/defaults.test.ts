import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'

test('limit, sort and format are those of a list that is not told otherwise', async () => {
  const home = makeHome()
  for (const title of ['B', 'C', 'A']) await home.create('--title', title)
  home.write('.ainativerc', 'defaults: { limit: 2, sort: title, format: jsonl }')
  const titles = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).title)
  const { stdout, stderr } = await home.run('session', 'list')
  expect(titles(stdout)).toEqual(['A', 'B'])
  expect(stderr).toBe('2 of 3; --all shows all\n')
  expect(titles(await home.ok('session', 'list', '-n', '3', '--sort', 'date'))).toEqual(['A', 'C', 'B'])
  expect(titles(await home.ok('session', 'list', '--all'))).toHaveLength(3)
  expect(await home.ok('session', 'list', '--format', 'table')).toMatch(/^ID/)
  expect((await home.json('plugin', 'list', '--json')).length).toBeGreaterThan(3)
  expect(await home.ok('config', 'path')).toMatch(/^Config folder/)
})

test('a new session gets the tags and the project, unless it is given others', async () => {
  const home = makeHome()
  home.write('.ainativerc', 'defaults: { tags: [go, api], project: backend }')
  const made = (...flags: string[]) => home.json('session', 'create', '--title', 'T', ...flags, '--json')
  expect(await made()).toMatchObject({ tags: ['go', 'api'], metadata: { project: 'backend' } })
  expect(await made('--tags', 'x')).toMatchObject({ tags: ['x'] })
  expect(await made('--tags', '')).toMatchObject({ tags: [] })
  expect(await made('--metadata', '{"tags":["m"],"project":"mine"}')).toMatchObject({ tags: ['m'], metadata: { project: 'mine' } })
})

test('color is for text, and NO_COLOR goes before it', async () => {
  const home = makeHome()
  const id = await home.create('--title', 'T')
  const shown = async (env = {}) => (await home.runWith({ env }, 'session', 'show', id)).stdout
  expect(await shown()).not.toContain('\x1b[')
  home.write('.ainativerc', 'defaults: { color: always }')
  expect(await shown()).toContain('\x1b[1mSession:')
  expect(await shown({ NO_COLOR: '1' })).not.toContain('\x1b[')
  home.write('.ainativerc', 'defaults: { color: auto }')
  expect(await shown()).not.toContain('\x1b[')
})

test('a wrong one in a project is a line, and in the user config an error that names the file', async () => {
  const home = makeHome()
  home.write('.ainativerc', 'defaults: { limit: many }')
  const says = `config defaults.limit: expected a whole number of 1 or more`
  expect(await home.run('session', 'list')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`warning: ${says} (${home.path('.ainativerc')})`),
  })
  home.write('.config/ainative-code/config.yaml', 'defaults: { limit: many }')
  expect(await home.run('session', 'list')).toMatchObject({ code: 1, stderr: expect.stringContaining(`error: ${says}`) })
})
