import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createGiveWay } from '../../plugins/sqlite/give-way.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Runs transactions of 200 ms, with a time between them. Returns how long each one waited before it began, in milliseconds. */
async function waitsOf(count: number, between: number): Promise<number[]> {
  const { before, after } = createGiveWay()
  const waits: number[] = []
  for (let i = 0; i < count; i++) {
    const asked = performance.now()
    const waiting = before()
    await vi.runAllTimersAsync()
    await waiting
    waits.push(performance.now() - asked)
    vi.advanceTimersByTime(200)
    after()
    vi.advanceTimersByTime(between)
  }
  return waits
}

test('a run of transactions pauses once a second, so that another writer gets the lock', async () => {
  expect(await waitsOf(12, 0)).toEqual([0, 0, 0, 0, 0, 30, 0, 0, 0, 0, 30, 0])
})

test('transactions that leave the lock free for some time do not pause', async () => {
  expect(await waitsOf(20, 10)).toEqual(Array(20).fill(0))
})
