import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Home, makeHome, root } from '../helpers/cli.ts'
import { commandsIn } from '../helpers/guide.ts'
import { shell } from '../helpers/shell.ts'

/** The commands of the first blocks of a section: one block for each device. */
function blocksOf(section: string): string[][] {
  const text = fs.readFileSync(path.join(root, 'docs/zerodb.md'), 'utf8').split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => commandsIn(block ?? ''))
}

test('the commands from nothing to two synced devices and a shared session work as they stand', async () => {
  const blocks = blocksOf('From nothing to two synced devices and a shared session')
  expect(blocks.flat().length).toBe(10)
  const [a, b] = [makeHome(), makeHome()]
  // The account that runs PostgreSQL has to enter the folder.
  fs.chmodSync(a.dir, 0o711)
  onTestFinished(async () => void (await a.run('zerodb', 'stop')))
  let endpoint = ''
  const run = async (home: Home, line: string) => {
    const user = endpoint && new URL(endpoint).username
    const { code, stdout, stderr } = await shell(home, line.replaceAll('ENDPOINT', endpoint).replaceAll('USER', user))
    expect({ line, code }).toEqual({ line, code: 0 })
    // The first share of a session shows what the team will see.
    if (!line.includes('session share')) expect(stderr).toBe('')
    endpoint ||= /^postgresql:.*/m.exec(stdout)?.[0] ?? ''
    return stdout
  }
  let last = ''
  // The blocks are for the first and the second device in turn. The test has a home of its own for each.
  for (const [i, lines] of blocks.entries())
    for (const line of lines.filter((each) => !each.startsWith('export HOME='))) last = await run(i % 2 ? b : a, line)
  expect(await b.ok('session', 'list')).toContain('Written on A')
  expect(last).toMatch(/^shared-\S+ .* engineering +Written on A /m)
})
