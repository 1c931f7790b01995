import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'

test.each(['format', 'provider'])('plugin new %s writes a plugin of at most 15 lines and a test, which both work', async (kind) => {
  const home = makeHome()
  const { files } = await home.json('plugin', 'new', kind, 'my-own', '--dir', 'plugins', '--json')
  expect(files).toEqual([home.path('plugins/my-own.ts'), home.path('plugins/my-own.test.ts')])
  expect(fs.readFileSync(files[0], 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(15)
  expect(await home.ok('run', files[1])).toMatch(new RegExp(`^(ok ${kind} my-own: .*\\n){5,}$`))
  home.write(USER_CONFIG, `plugins: [~/plugins/my-own.ts]`)
  const { stdout, stderr } = await home.run('help')
  expect(stderr).toBe('')
  expect(stdout).toMatch(kind === 'format' ? /^Formats: .*, my-own$/m : /^Providers: .*, my-own$/m)
  fs.writeFileSync(files[0], fs.readFileSync(files[0], 'utf8').replace(/\* \$|messages\.at\(-1\)/, '[].at(0) + $'))
  expect(await home.run('run', files[1])).toMatchObject({ code: 1, stderr: expect.stringContaining('my-own') })
})

test('it says how to use it, and overwrites nothing', async () => {
  const home = makeHome()
  const text = await home.ok('plugin', 'new', 'format', 'org')
  expect(text).toBe(`Wrote ${home.path('org.ts')}
Wrote ${home.path('org.test.ts')}
Try it: ainative-code run ${home.path('org.test.ts')}
Use it: name it in ~/.config/ainative-code/config.yaml:
  plugins:
    - ${home.path('org.ts')}
`)
  fs.rmSync(home.path('org.ts'))
  const again = await home.run('plugin', 'new', 'provider', 'org')
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining(`${home.path('org.test.ts')} already exists`) })
  expect(fs.existsSync(home.path('org.ts'))).toBe(false)
})

test('a name that cannot be used, one that is taken, and another kind', async () => {
  const home = makeHome()
  for (const name of ['../x', 'A', '', `a'b`, '-x'])
    expect(await home.run('plugin', 'new', 'format', '--', name)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('invalid name'),
    })
  expect((await home.run('plugin', 'new', 'format', 'json')).stderr).toContain('there is already a format "json"')
  expect((await home.run('plugin', 'new', 'provider', 'openai')).stderr).toContain('there is already a provider "openai"')
  expect(await home.run('plugin', 'new', 'formats', 'x')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean format?'),
  })
})
