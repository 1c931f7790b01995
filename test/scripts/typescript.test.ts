import { describe, expect, test } from 'vitest'
import { type Home, makeHome, startCli } from '../helpers/cli.ts'

async function filled(): Promise<Home> {
  const home = makeHome()
  home.write(
    'tour.json',
    JSON.stringify([
      {
        id: 'aaaaaaaaaaa1',
        title: 'One',
        provider: 'openai',
        created_at: '2024-01-01T00:00:00Z',
        metadata: { tags: ['go'] },
        messages: [{ role: 'user', content: 'hi' }],
      },
      { id: 'aaaaaaaaaaa2', title: 'Two', created_at: '2024-02-01T00:00:00Z', messages: [] },
    ]),
  )
  await home.ok('session', 'import', '-i', 'tour.json')
  return home
}

describe('a TypeScript script', () => {
  test('gets sessions, query and run, and prints what it returns', async () => {
    const home = await filled()
    home.write(
      's.ts',
      `import type { Script } from 'ainative-code'
import { shout } from './lib/shout'
export default (async ({ sessions, query, run, args, print }) => {
  const all: string[] = []
  for await (const session of sessions()) all.push(session.title)
  const go = []
  for await (const session of sessions({ tag: 'go', until: '2024-01-31' })) go.push(session.id, (await session.messages()).length)
  const created = (await run('session create --title "From a script" --tags x')) as { id: string }
  await print('half way')
  return { all, go, args, query: await query('$count(sessions)'), listed: (await run('session list --tag x') as unknown[]).length, id: shout(typeof created.id) }
}) satisfies Script
`,
    )
    home.write('lib/shout.ts', 'export const shout = (text: string): string => text.toUpperCase()\n')
    const { code, stdout, stderr } = await home.run('run', 's.ts', 'a', '--', '--b')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.startsWith('half way\n')).toBe(true)
    expect(JSON.parse(stdout.slice(9))).toEqual({
      all: ['Two', 'One'],
      go: ['aaaaaaaaaaa1', 1],
      args: ['a', '--b'],
      query: 3,
      listed: 1,
      id: 'STRING',
    })
  })

  test.each([
    `export default () => { process._rawDebug('begun'); for (;;); }`,
    `process._rawDebug('begun'); for (;;); module.exports = () => 1`,
  ])('that loops ends at Ctrl-C: %s', async (code) => {
    const home = makeHome()
    home.write('s.ts', code)
    const child = startCli(['run', 's.ts'], { cwd: home.dir, env: home.env })
    child.stderr.once('data', () => child.kill('SIGINT'))
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(130)
  })

  test('under --dry-run its commands change nothing', async () => {
    const home = await filled()
    home.write(
      's.ts',
      `export default async ({ run }) => { await run('session delete aaaaaaaaaaa1'); await run('session rename aaaaaaaaaaa1 X') }\n`,
    )
    expect(await home.ok('run', 's.ts', '--dry-run')).toContain('would run: session rename aaaaaaaaaaa1 X')
    expect((await home.json<unknown[]>('session', 'list', '--json')).length).toBe(2)
  })

  test.each([
    [
      'throws',
      `import type { Script } from 'ainative-code'\n\ntype A = string\nexport default () => {\n  const a: A = 'boom'\n  throw new Error(a)\n}\n`,
      /^error: s\.ts:6: boom$/m,
    ],
    ['rejects', `export default async ({ run }) => { await run('session show nothing0') }\n`, /there is no session "nothing0"/],
    ['exports nothing', `export const x = 1\n`, /s\.ts: the default export is not a function/],
    ['does not parse', `export default ( => {\n`, /s\.ts/],
    [
      'asks for a field that is none',
      `export default async ({ sessions }) => { for await (const s of sessions({ tga: 'x' } as never)); }\n`,
      /tga/,
    ],
    [
      'asks for a date that is none',
      `export default async ({ sessions }) => { for await (const s of sessions({ since: 'soon' })); }\n`,
      /expected a date/,
    ],
  ])('that %s ends with 1 and a sentence', async (_, text, says) => {
    const home = await filled()
    home.write('s.ts', text)
    const { code, stderr } = await home.run('run', 's.ts')
    expect(code).toBe(1)
    expect(stderr).toMatch(says)
    expect(stderr).not.toContain('bug in ainative-code')
  })
})
