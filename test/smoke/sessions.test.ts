import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'

test('a session is created, listed and exported', async () => {
  const home = makeHome()
  const id = await home.create('--title', 'First')
  expect(await home.ok('session', 'list', '--format', 'csv')).toContain(`${id},First,active`)
  await home.ok('session', 'export', id)
  expect(JSON.parse(home.read(`session-${id}.json`))).toMatchObject({ id, title: 'First', messages: [] })
})
