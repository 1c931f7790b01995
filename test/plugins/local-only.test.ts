import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { adds, plugin, usePlugins } from '../helpers/plugins.ts'
import { sample } from '../helpers/seed.ts'

const SPY = `const log = (...seen) => process.getBuiltinModule('fs').appendFileSync(process.env.LOG, JSON.stringify(seen) + '\\n')
  hooks.saving.tap('p', (change) => { log('saving', change); return change })
  hooks.saved.tap('p', (change) => log('saved', change))
  hooks.replied.tap('p', (request, message) => log('replied', request, message))
  ${adds('providers', `{ name: 'echo', async *reply({ messages }) { yield messages.at(-1).content } }`)}`

test('no hook of a plugin sees a change of a local-only session', async () => {
  const home = makeHome()
  const log = home.path('log')
  home.env.LOG = log
  usePlugins(home, { 'p.ts': plugin('p', SPY) })
  home.write('in.json', JSON.stringify([sample(1, { title: 'Secret import', messages: [] }), sample(2, { title: 'Public', messages: [] })]))
  const lines = [
    'session import -i in.json --local-only',
    'session meta sample000002 --unset sync',
    'chat --local-only --provider echo --model m "secret question"',
    'session tag sample000001 secret-tag',
    'session fork sample000001 --title "secret fork"',
    'session rename sample000002 "Public title"',
    'chat -s sample000002 --provider echo --model m "public question"',
    'session meta sample000002 sync local-only',
    'session rename sample000002 "secret title"',
    'session delete sample000001 --force',
    'session purge sample000001 --force',
  ]
  const { code, stderr } = await home.runWith({ input: `${lines.join('\n')}\n` })
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('plugin') })
  const seen = fs.readFileSync(log, 'utf8')
  expect(seen).toMatch(/"saving".*Public title/)
  expect(seen).toMatch(/"saved".*public question/)
  expect(seen).toMatch(/"replied".*public question/)
  expect(seen).not.toMatch(/secret|sample000001/i)
})
