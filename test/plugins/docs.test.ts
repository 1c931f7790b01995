import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeHome, root } from '../helpers/cli.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'

const docs = fs.readFileSync(path.join(root, 'docs/plugins.md'), 'utf8')

/** A block of TypeScript below a heading. */
function block(heading: string, nth = 0): string {
  const below = docs.split(`\n## ${heading}\n`)[1] ?? ''
  return [...below.matchAll(/```ts\n(.*?)```/gs)][nth]?.[1] as string
}

test('each plugin of docs/plugins.md works as it stands', async () => {
  const home = makeHome()
  const names = { 'org.ts': 'An exporter', 'echo.ts': 'A provider', 'titles.ts': 'A command', 'slugs.ts': 'A query function' }
  for (const [file, heading] of Object.entries(names)) home.write(`plugins/${file}`, block(heading))
  home.write(USER_CONFIG, `plugins: [${Object.keys(names).map((file) => `~/plugins/${file}`)}]`)
  const { id } = await home.json('session', 'create', '--title', 'Test it', '--provider', 'echo', '--tags', 'go', '--json')
  expect(await home.ok('session', 'export', id, '--format', 'org', '-o', '-')).toBe('* Test it\n')
  expect(await home.run('session', 'titles', 'go', '-n', '1')).toMatchObject({ code: 0, stdout: 'Test it\n', stderr: '' })
  expect(await home.json('session', 'titles', '--json')).toEqual(['Test it'])
  expect(await home.json('query', '$slug(sessions[0].title)')).toBe('test-it')
  const { stdout } = await home.runWith({ input: '$slug("A b")\n' })
  expect(stdout).toContain('a-b')
  expect(await home.ok('help')).toMatch(/ \$slug {2,}A text as part of an address\n/)
})

test('so does the command that takes sessions', async () => {
  const home = makeHome()
  home.write('words.ts', block('A command', 1))
  home.write(USER_CONFIG, 'plugins: [~/words.ts]\n')
  home.write('s.json', '{"id":"aaaaaaaaaaa1","title":"T","messages":[{"role":"user","content":"one two three"}]}')
  await home.ok('session', 'import', '-i', 's.json')
  expect(await home.json('session', 'words', 'aaaa')).toEqual({ aaaaaaaaaaa1: 3 })
  expect((await home.runWith({ input: 'aaaaaaaaaaa1\n' }, 'session', 'words', '-')).stdout).toContain('"aaaaaaaaaaa1": 3')
  const { stdout } = await home.runWith({ input: '$x := sessions\nsession words @x\n' }, '--dry-run')
  expect(stdout).toContain('"aaaaaaaaaaa1": 3')
})

test('so does the one that reads its block by itself', async () => {
  const home = makeHome()
  home.write('own.ts', block('Settings of its own'))
  home.write(USER_CONFIG, 'plugins: [~/own.ts]\nexport: { org: { stars: "${STARS}" } }')
  const env = { STARS: '***' }
  await home.runWith({ env }, 'session', 'create', '--title', 'T')
  const exported = await home.runWith({ env }, 'session', 'export', '--all', '--format', 'org', '-o', '-')
  expect(exported).toMatchObject({ code: 0, stdout: '*** T\n', stderr: '' })
  expect((await home.run('session', 'list')).stderr).toContain(
    'was not loaded: config export.org.stars: the environment variable STARS is not set',
  )
})
