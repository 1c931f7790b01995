import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeHome, root } from '../helpers/cli.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'

const docs = fs.readFileSync(path.join(root, 'docs/plugins.md'), 'utf8')

/** The first block of TypeScript below a heading. */
function block(heading: string): string {
  const below = docs.split(`\n## ${heading}\n`)[1]
  return /```ts\n(.*?)```/s.exec(below ?? '')?.[1] as string
}

test('each plugin of docs/plugins.md works as it stands', async () => {
  const home = makeHome()
  const names = { 'org.ts': 'An exporter', 'echo.ts': 'A provider', 'titles.ts': 'A command', 'slugs.ts': 'A query function' }
  for (const [file, heading] of Object.entries(names)) home.write(`plugins/${file}`, block(heading))
  home.write(USER_CONFIG, `plugins: [${Object.keys(names).map((file) => `~/plugins/${file}`)}]`)
  const id = await home.create('--title', 'Test it', '--provider', 'echo', '--tags', 'go')
  expect(await home.ok('session', 'export', id, '--format', 'org', '-o', '-')).toBe('* Test it\n')
  expect(await home.run('session', 'titles', 'go', '-n', '1')).toMatchObject({ code: 0, stdout: 'Test it\n', stderr: '' })
  expect(await home.json('session', 'titles', '--json')).toEqual(['Test it'])
  expect(await home.json('query', '$slug(sessions[0].title)')).toBe('test-it')
  const { stdout } = await home.runWith({ input: '$slug("A b")\n' })
  expect(stdout).toContain('a-b')
  expect(await home.ok('help')).toMatch(/ \$slug {2}A text as part of an address\n/)
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
