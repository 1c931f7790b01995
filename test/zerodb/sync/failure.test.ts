import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../../helpers/cli.ts'
import { okHere, runHere } from '../../helpers/here.ts'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { until } from '../../helpers/until.ts'

const config = (endpoint: string) => `services:\n  zerodb:\n    enabled: true\n    endpoint: ${endpoint}\n`
const LINE = 'warning: the sync in the background failed: no server listens at 127.0.0.1:1; see ainative-code zerodb status\n'

test('a failed sync in the background is one line at the next command, once until a sync succeeds', async () => {
  const home = makeHome()
  const background = { path: home.path, env: { ...home.env, AINATIVE_BACKGROUND_SYNC: '1' } }
  const fail = async () => expect((await runHere(background, 'session', 'sync')).code).toBe(1)
  home.write(USER_CONFIG, config('postgresql://alice:wrong@127.0.0.1:1/sync'))
  await okHere({ ...home, env: background.env }, 'session', 'create', '--title', 'T')
  await fail()
  expect(await runHere(home, 'session', 'list', '--json')).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\[\s*\{.*\}\s*\]\n$/s),
    stderr: LINE,
  })
  expect(await runHere(home, 'session', 'list', '--json')).toMatchObject({ code: 0, stderr: '' })
  await fail()
  expect((await runHere(home, 'session', 'list', '--json')).stderr).toBe('')
  expect(await okHere(home, 'zerodb', 'status', '--json')).toContain('no server listens at 127.0.0.1:1')
  home.write(USER_CONFIG, config(await userOn(await openPostgres(), 'failure')))
  await okHere(home, 'session', 'sync')
  home.write(USER_CONFIG, config('postgresql://alice:wrong@127.0.0.1:1/sync'))
  await fail()
  expect((await runHere(home, 'zerodb', 'status')).stderr).toBe('')
  expect((await runHere(home, 'session', 'list', '--json')).stderr).toBe('')
})

test('the program shows the line, and completion does not', async () => {
  const home = makeHome()
  home.write(USER_CONFIG, config('postgresql://alice:wrong@127.0.0.1:1/sync'))
  await home.ok('session', 'create', '--title', 'T')
  await until('the failure', async () => fs.existsSync(home.path('.config/ainative-code/sessions.db.sync-error')))
  expect((await home.run('complete', 'bash', '--', 'session', 'li')).stderr).toBe('')
  expect(await home.run('session', 'show', 'nowhere00000')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^warning: the sync .*\n.*\nerror: /),
  })
})
