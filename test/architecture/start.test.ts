import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { bin, makeHome } from '../helpers/cli.ts'

test('a start loads nothing of node that takes a while and that it has no need of', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const script = home.write('loaded.cjs', `process.on('exit', () => process._rawDebug('loaded ' + process.moduleLoadList.join()))`)
  const text = execFileSync('bash', ['-c', `"${process.execPath}" -r "${script}" "${bin}" session list 2>&1`], {
    env: home.env,
    encoding: 'utf8',
  })
  expect(text).toContain('One')
  const loaded = text.split('loaded ')[1]?.split(',') ?? []
  expect(loaded).toContain('NativeModule vm')
  for (const name of ['stream', 'readline', 'crypto', 'os', 'perf_hooks', 'fs/promises', 'worker_threads', 'child_process', 'net', 'tty'])
    expect(loaded, name).not.toContain(`NativeModule ${name}`)
})
