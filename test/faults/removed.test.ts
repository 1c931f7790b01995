import fs from 'node:fs'
import { test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { answer, openShell } from '../helpers/pty.ts'

test('what would be written to a database that was removed meanwhile is refused', async () => {
  const home = makeHome()
  const shell = await openShell(home)
  await answer(shell, 'session create --title One', /Created session/)
  for (const end of ['', '-wal', '-shm']) fs.rmSync(home.path(`.config/ainative-code/sessions.db${end}`), { force: true })
  await answer(
    shell,
    'session create --title Lost',
    /error: the database .* was removed or replaced while it was open; nothing was written/,
  )
})
