import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { sample, seed, talk } from '../helpers/seed.ts'

test('session copy ends once the text is copied, although other clipboard commands are missing', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('Hi', 'Hello') }))
  fs.chmodSync(home.write('bin/xclip', '#!/bin/sh\n/bin/cat > /dev/null\n'), 0o755)
  const start = performance.now()
  await home.runWith({ env: { PATH: home.path('bin') } }, 'session', 'copy', 'sample000001')
  // The time limit of a clipboard command is 5 s.
  expect(performance.now() - start).toBeLessThan(4500)
})
