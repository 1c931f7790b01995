import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { backup } from '../helpers/backup.ts'
import { bin, type Home, homeAt, makeHome } from '../helpers/cli.ts'
import { lookInto } from '../helpers/database.ts'
import { expectProblem } from '../helpers/problem.ts'
import { smallDisk } from '../helpers/user.ts'

/** A home on a disk of 2 MB, and a large backup beside it. */
function tinyHome(): { home: Home; big: string } | undefined {
  const outer = makeHome()
  const disk = smallDisk(outer.path('disk'), '2m')
  if (!disk) {
    console.warn('a full disk is not tested: that takes root and mount')
    return undefined
  }
  onTestFinished(disk.remove)
  return { home: homeAt(outer.path('disk')), big: outer.write('big.json', backup({ sessions: 400, messages: 10, chars: 2000 })) }
}

const fill = (home: Home) => spawnSync('dd', ['if=/dev/zero', `of=${home.path('fill')}`, 'bs=4k'])

test('an import that the disk cannot hold leaves what was there, and room for more', async () => {
  const tiny = tinyHome()
  if (!tiny) return
  const { home, big } = tiny
  await home.create('--title', 'Before')
  expectProblem(await home.run('session', 'import', '-i', big), 1, 'the disk is full')
  await home.create('--title', 'After')
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 2, staged: 0, imports: 0, messages: 0 })
})

test('a disk with no room at all is named by every command, and nothing is lost', async () => {
  const tiny = tinyHome()
  if (!tiny) return
  const { home } = tiny
  await home.create('--title', 'Before')
  fill(home)
  expectProblem(await home.run('session', 'create', '--title', 'x'.repeat(5000)), 1, 'disk is full')
  expectProblem(await home.run('session', 'delete', '--all', '--force'), 1, 'disk is full')
  fs.rmSync(home.path('fill'))
  expect(await home.json('session', 'list', '--json')).toMatchObject([{ title: 'Before' }])
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 1, trashed: 0 })
})

test('a first start on a full disk is named, and the next one with room works', async () => {
  const tiny = tinyHome()
  if (!tiny) return
  const { home } = tiny
  fill(home)
  expectProblem(await home.run('session', 'list'), 1, 'disk is full')
  fs.rmSync(home.path('fill'))
  await home.create('--title', 'One')
})

test('an export that the disk cannot hold leaves the old file and no temporary one', async () => {
  const tiny = tinyHome()
  if (!tiny) return
  const { home, big } = tiny
  const roomy = homeAt(path.dirname(home.dir))
  await roomy.ok('session', 'import', '-i', big)
  home.write('all.json', 'before')
  expectProblem(await roomy.run('session', 'export', '--all', '-o', 'disk/all.json'), 1, 'cannot write disk/all.json: the disk is full')
  expect(fs.readdirSync(home.dir)).toEqual(['all.json'])
  expect(home.read('all.json')).toBe('before')
})

test('a limit on the size of files is as a full disk', async () => {
  const home = makeHome()
  home.write('big.json', backup({ sessions: 400, messages: 10, chars: 2000 }))
  await home.create('--title', 'Before')
  const limited = spawnSync('sh', ['-c', 'ulimit -f 600; exec "$0" "$@"', process.execPath, bin, 'session', 'import', '-i', 'big.json'], {
    cwd: home.dir,
    env: home.env,
    encoding: 'utf8',
  })
  expect(limited.status).toBe(1)
  expect(limited.stderr).toMatch(/^error: /m)
  expect(limited.stderr).not.toContain('fault of ainative-code')
  expect(await home.json('session', 'list', '--json')).toHaveLength(1)
  expect(lookInto(home)).toMatchObject({ integrity: 'ok', sessions: 1, staged: 0 })
})
