import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createGiveWay } from '../../plugins/sqlite/give-way.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

/** Runs transactions of 200 ms, with a time between them. Returns how long each one waited before it began, in milliseconds. */
async function waitsOf(count: number, between: number): Promise<number[]> {
  const { before, after } = createGiveWay()
  const waits: number[] = []
  for (let i = 0; i < count; i++) {
    const asked = Date.now()
    const waiting = before()
    await vi.runAllTimersAsync()
    await waiting
    waits.push(Date.now() - asked)
    vi.advanceTimersByTime(200)
    after()
    vi.advanceTimersByTime(between)
  }
  return waits
}

test('a run of transactions pauses once a second, so that another writer gets the lock', async () => {
  expect(await waitsOf(13, 0)).toEqual([0, 0, 0, 0, 0, 30, 0, 0, 0, 0, 30, 0, 0])
})

test('transactions that leave the lock free long enough do not pause', async () => {
  expect(await waitsOf(20, 30)).toEqual(Array(20).fill(0))
})
