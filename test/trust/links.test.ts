import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { adds, plugin } from '../helpers/plugins.ts'

const says = (text: string) => plugin('say', adds('commands', `{ name: 'say', summary: '', input: z.object({}), run: () => ${text} }`))
const USER = '.config/ainative-code'

const link = (home: Home, target: string, at: string) => {
  home.write(`${at}.x`, '')
  fs.rmSync(home.path(`${at}.x`))
  fs.symlinkSync(home.path(target), home.path(at))
}
const within = (home: Home, folder: string, ...argv: string[]) => home.runWith({ cwd: home.path(folder) }, ...argv)

test("a link to a trusted project's config means that project's files, whatever lies beside the link", async () => {
  const home = makeHome()
  home.write('good/.ainativerc', 'plugins: [./say.ts]\nstorage: { path: good.db }')
  home.write('good/say.ts', says(`'good'`))
  expect((await within(home, 'good', 'trust')).code).toBe(0)
  link(home, 'good/.ainativerc', 'bad/.ainativerc')
  home.write('bad/say.ts', says(`'evil'`))
  expect(await within(home, 'bad', 'say')).toMatchObject({ code: 0, stdout: '"good"\n', stderr: '' })
  const { files, database } = JSON.parse((await within(home, 'bad', 'config', 'path', '--json')).stdout)
  expect({ files, database }).toEqual({
    files: [{ file: home.path('good/.ainativerc'), layer: 'project', trust: 'trusted' }],
    database: home.path('good/good.db'),
  })
})

test('a link to a trusted config does not make it another kind of config', async () => {
  const home = makeHome()
  // YAML, and a program that leaves a mark.
  home.write('good/.ainativerc', `own: 0 //;require('fs').writeFileSync('${home.path('marker')}', '')\n`)
  expect((await within(home, 'good', 'trust')).code).toBe(0)
  for (const name of ['ainative.config.ts', '.ainativerc.cjs', 'package.json']) link(home, 'good/.ainativerc', `${name}-link/${name}`)
  for (const name of ['ainative.config.ts', '.ainativerc.cjs'])
    expect(await within(home, `${name}-link`, 'session', 'list')).toMatchObject({ code: 0 })
  expect(await within(home, 'package.json-link', 'session', 'list')).toMatchObject({ code: 0 })
  expect(fs.existsSync(home.path('marker'))).toBe(false)
})

test('a link to a config that is not trusted, a circle, and a link that leads nowhere give a line', async () => {
  const home = makeHome()
  home.write('elsewhere/.ainativerc', 'storage: { path: x.db }')
  link(home, 'elsewhere/.ainativerc', 'p/.ainativerc')
  expect((await within(home, 'p', 'session', 'list')).stderr).toContain(
    `warning: ${home.path('elsewhere/.ainativerc')} is not trusted: skipped storage`,
  )
  link(home, 'nowhere', 'q/.ainativerc')
  expect(await within(home, 'q', 'session', 'list')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`warning: cannot read the config ${home.path('q/.ainativerc')}: `),
  })
  link(home, 'r/.ainativerc', 'r/.ainativerc')
  expect(await within(home, 'r', 'session', 'list')).toMatchObject({ code: 0, stderr: expect.stringContaining('cannot read the config') })
})

test("one's own config may be a link, and its paths are relative to the file that it leads to", async () => {
  const home = makeHome()
  home.write('dotfiles/config.yaml', 'plugins: [./plugins/say.ts]\nstorage: { path: my.db }')
  home.write('dotfiles/plugins/say.ts', says(`'mine'`))
  link(home, 'dotfiles/config.yaml', `${USER}/config.yaml`)
  expect(await home.json('say')).toBe('mine')
  expect((await home.json('config', 'path', '--json')).database).toBe(home.path('dotfiles/my.db'))
})

test("one's own config is no project's config where a link to it lies", async () => {
  const home = makeHome()
  home.write('dotfiles/.ainativerc.yaml', 'storage: { path: my.db }')
  link(home, 'dotfiles/.ainativerc.yaml', `${USER}/config.yaml`)
  const { stderr, stdout } = await within(home, 'dotfiles', 'config', 'path', '--json')
  expect(stderr).toBe('')
  expect(JSON.parse(stdout).files).toEqual([{ file: home.path('dotfiles/.ainativerc.yaml'), layer: 'user', trust: 'own' }])
})

test('untrust in a folder with a link forgets the config that it leads to', async () => {
  const home = makeHome()
  home.write('good/.ainativerc', 'own: 1')
  link(home, 'good/.ainativerc', 'p/.ainativerc')
  expect((await within(home, 'p', 'trust')).stdout).toContain(`Trusted ${home.path('good/.ainativerc')}\n`)
  expect((await within(home, 'p', 'untrust')).stdout).toBe(`No longer trusted: ${home.path('good/.ainativerc')}\n`)
})
