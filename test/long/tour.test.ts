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

test('the commands from nothing to two synced devices work as they stand', async () => {
  const [first = [], second = []] = blocksOf('From nothing to two synced devices')
  expect(first.length + second.length).toBeLessThanOrEqual(10)
  const [a, b] = [makeHome(), makeHome()]
  // The account that runs PostgreSQL has to enter the folder.
  fs.chmodSync(a.dir, 0o711)
  onTestFinished(async () => void (await a.run('zerodb', 'stop')))
  let endpoint = ''
  const run = async (home: Home, line: string) => {
    const { code, stdout, stderr } = await shell(home, line.replaceAll('ENDPOINT', endpoint))
    expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' })
    endpoint ||= /^postgresql:.*/m.exec(stdout)?.[0] ?? ''
    return stdout
  }
  for (const line of first) await run(a, line)
  let last = ''
  // The test has a home of its own for the device.
  for (const line of second.filter((each) => !each.startsWith('export HOME='))) last = await run(b, line)
  expect(last).toContain('Written on A')
})
