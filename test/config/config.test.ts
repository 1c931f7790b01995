import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'

const CONFIG = '.config/ainative-code/config.yaml'

test('a YAML config says where the database lies', async () => {
  const home = makeHome()
  home.write(CONFIG, 'storage:\n  path: ~/data/mine.db\n')
  const id = await home.create('--title', 'Elsewhere')
  expect(fs.existsSync(home.path('data/mine.db'))).toBe(true)
  expect(await home.json('config', 'path', '--json')).toEqual({
    folder: home.path('.config/ainative-code'),
    files: [home.path(CONFIG)],
    database: home.path('data/mine.db'),
  })
  expect(await home.ok('session', 'list')).toContain(id)
})

test('a JSON config does too, and AINATIVE_DB_PATH goes before both', async () => {
  const home = makeHome()
  home.write('.config/ainative-code/config.json', '{"storage":{"path":"~/data/mine.db"}}')
  expect((await home.json('config', 'path', '--json')).database).toBe(home.path('data/mine.db'))
  const { stdout } = await home.runWith({ env: { AINATIVE_DB_PATH: home.path('other.db') } }, 'config', 'path', '--json')
  expect(JSON.parse(stdout).database).toBe(home.path('other.db'))
})

test('config show prints no secret whole, but references to the environment', async () => {
  const home = makeHome()
  home.write(
    CONFIG,
    [
      'llm:',
      '  anthropic:',
      '    api_key: sk-very-secret',
      '    headers: { Authorization: Bearer very-secret }',
      '  openai: { api_key: "${OPENAI_API_KEY}" }',
      'services:',
      '  zerodb: { endpoint: "postgresql://me:very-secret@db.example:5432" }',
      '',
    ].join('\n'),
  )
  const shown = await home.ok('config', 'show')
  expect(shown).not.toContain('very-secret')
  expect(JSON.parse(shown)).toMatchObject({
    llm: { anthropic: { api_key: '***', headers: { Authorization: '***' } }, openai: { api_key: '${OPENAI_API_KEY}' } },
    services: { zerodb: { endpoint: 'postgresql://me:***@db.example:5432' } },
  })
})

test('a config that is not YAML, or of a wrong type, is named with its place', async () => {
  const home = makeHome()
  home.write(CONFIG, 'a: [')
  const broken = await home.run('session', 'list')
  expect(broken.code).toBe(1)
  expect(broken.stderr).toContain(`cannot read the config ${home.path(CONFIG)}`)
  home.write(CONFIG, 'storage:\n  path: 5\n')
  const wrong = await home.run('session', 'list')
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toMatch(/config storage\.path: .*expected string/)
  home.write(CONFIG, '- a\n')
  expect((await home.run('session', 'list')).stderr).toContain('it must hold keys and values')
})
