import { expect, test } from 'vitest'
import { newMessageId, newSessionId, SESSION_ID } from '../../../core/session/ids.ts'

test('ids of sessions have 12 characters of 0-9a-z, and differ', () => {
  const ids = Array.from({ length: 1000 }, () => newSessionId())
  for (const id of ids) expect(id).toMatch(SESSION_ID)
  expect(new Set(ids).size).toBe(1000)
})

test('ids of messages sort by the order in which they were made', () => {
  const ids = Array.from({ length: 1000 }, () => newMessageId())
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(1000)
})
