import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { adds, plugin, usePlugins } from '../helpers/plugins.ts'

const GREET = `import { defineCommand, type Plugin } from 'ainative-code'

export default {
  name: 'greet',
  apply({ hooks, z }) {
    const input = z.object({ who: z.string().default('you'), loud: z.boolean().default(false).meta({ alias: 'l', description: 'Louder' }) })
    const greet = defineCommand({ name: 'greet', summary: 'Greet', args: ['who'], input, run: ({ who, loud }) => ({ who, loud }) })
    hooks.commands.tap('greet', ({ add }) => add(greet))
  },
} satisfies Plugin
`

test('a command gets zod and defineCommand from the program, far from any node_modules', async () => {
  const home = makeHome()
  usePlugins(home, { 'greet.ts': GREET })
  expect(await home.json('greet', 'Ann', '-l')).toEqual({ who: 'Ann', loud: true })
  expect(await home.ok('greet', '--help')).toMatch(/-l, --loud +Louder/)
  expect(await home.ok('help')).toMatch(/^ {2}greet +Greet$/m)
  expect((await home.runWith({ input: 'greet Bo\n' })).stdout).toContain('"who": "Bo"')
  expect((await home.run('greet', '--lous')).stderr).toContain('did you mean --loud?')
})

test('all of zod is there, that which the program itself has no use for too', async () => {
  const home = makeHome()
  usePlugins(home, {
    'mail.ts': plugin(
      'mail',
      adds('commands', `{ name: 'mail', args: ['to'], summary: '', input: z.object({ to: z.email() }), run: (i: any) => i.to }`),
    ),
  })
  expect(await home.json('mail', 'a@b.example')).toBe('a@b.example')
  expect((await home.run('mail', 'x')).stderr).toContain('<to> "x": Invalid email address')
})

test('there is one core: a Problem of a plugin is told as one, and a selection works', async () => {
  const home = makeHome()
  usePlugins(home, {
    'own.ts': `import { Problem, usage, Selection, toExpr } from 'ainative-code'
      export default { name: 'own', apply({ hooks }: any) { hooks.commands.tap('own', ({ add }: any) => {
        add({ name: 'own fail', summary: '', input: Selection(), run: () => { throw usage('not like this', 'but like that') } })
        add({ name: 'own count', summary: '', input: Selection(), run: async (i: any, { host }: any) => (await host.store()).count(toExpr(i)) })
      }) } }`,
  })
  expect(await home.run('own', 'fail')).toMatchObject({ code: 2, stderr: 'error: not like this\nhint: but like that\n' })
  await home.create('--title', 'Abc')
  expect(await home.json('own', 'count', '--search', 'abc')).toBe(1)
})

const STREAMS = `
async function* items(...list) { yield* list }
const command = (z, name, members) => ({ name, summary: '', writes: false, input: z.object({}), ...members })
export default {
  name: 'streams',
  apply({ hooks, z }) {
    hooks.commands.tap('streams', ({ add }) => {
      add(command(z, 'tally', {
        run: () => ({ rows: items({ n: 1 }, { n: 2 }), unit: 'words', result: () => ({ total: 3 }) }),
        print: ({ rows, unit }) => ({ chunks: (async function* () { for await (const { n } of rows) yield n + ' ' + unit + '\\n' })() }),
      }))
      add(command(z, 'number', { run: () => 1, print: () => ({ chunks: items(5) }) }))
    })
  },
}`

test('a command returns rows with a result, and prints chunks; a wrong chunk names the plugin', async () => {
  const home = makeHome()
  usePlugins(home, { 'streams.mjs': STREAMS })
  expect(await home.json('tally', '--json')).toEqual([{ n: 1 }, { n: 2 }])
  expect((await home.runWith({ input: 'tally\n$_.total\n' })).stdout).toBe('1 words\n2 words\n3\n')
  expect((await home.run('number')).stderr).toMatch(/plugin 'streams' .* failed in command 'number': print returned 5, expected a string\n/)
})
