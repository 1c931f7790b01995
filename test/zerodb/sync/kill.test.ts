import { expect, test } from 'vitest'
import { changeBoth, expectAgreement, interruptSync, openPair } from './interrupted.ts'

test('a sync that is killed in the middle of an answer is continued by the next one', async () => {
  const pair = await openPair('killed')
  await changeBoth(pair, 1)
  expect(await interruptSync(pair, { query: 2, at: 'answer' }, 'SIGKILL')).toBe(true)
  await expectAgreement(pair, 1)
})
