import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Home, makeHome, root } from '../helpers/cli.ts'

const examples = path.join(root, 'scripts/examples')

async function withTour(): Promise<Home> {
  const home = makeHome()
  await home.ok('session', 'import', '-i', path.join(examples, 'tour.json'))
  return home
}

const run = (home: Home, name: string, ...words: string[]) => home.ok('run', path.join(examples, name), ...words)

test('spring-clean.txt exports what is done and archives what is old', async () => {
  const home = await withTour()
  await home.ok('session', 'tag', 'abc123def456', 'done')
  await run(home, 'spring-clean.txt')
  expect(JSON.parse(home.read('backup/done.json'))).toMatchObject([{ id: 'abc123def456' }])
  expect(await home.json('session', 'list', '--json')).toEqual([])
})

test('tag-by-code.txt tags the sessions that hold code of a language', async () => {
  const home = await withTour()
  await home.ok('session', 'untag', 'abc123def456', 'go')
  expect(await run(home, 'tag-by-code.txt')).toContain('"1 sessions with Go"\nTagged abc123def456: go\n')
})

test('digest.ts lists what was asked, by project', async () => {
  expect(await run(await withTour(), 'digest.ts', '20y')).toMatchInlineSnapshot(`
    "## backend-service

    - **REST API Development**: How do I create a REST API in Go?
    - **OAuth Implementation**: How do I implement OAuth 2.0 in Go?

    ## docs

    - **日本語のコミットメッセージ**: コミットメッセージは日本語でもいいですか？
    "
  `)
})

test('code-blocks.ts prints the code of one language', async () => {
  expect(await run(await withTour(), 'code-blocks.ts', '--', 'go', '--project', 'backend-service')).toMatchInlineSnapshot(`
    "// abc123def456 REST API Development
    mux.HandleFunc("GET /users/{id}", showUser)

    1 blocks of go
    "
  `)
})

test('usage.json is an import with token counts', async () => {
  const home = makeHome()
  await home.ok('session', 'import', '-i', path.join(examples, 'usage.json'))
  expect(await home.json('session', 'stats', '--json')).toMatchObject({ input_tokens: expect.any(Number) })
})

test('every example is tried here', () => {
  const tried = fs.readFileSync(import.meta.filename, 'utf8')
  for (const name of fs.readdirSync(examples)) expect(tried).toContain(name)
})
