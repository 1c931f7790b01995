/** Wakes up who waits for something else. */
export interface Ticks {
  /** Asks for a tick after so many milliseconds, unless one is asked for. */
  ask(ms: number): void
  /** Gives a tick at once. */
  now(): void
  next(): Promise<'tick'>
  stop(): void
}

export function createTicks(): Ticks {
  let timer: NodeJS.Timeout | undefined
  let wake: () => void = () => undefined
  let due = false
  const now = () => {
    clearTimeout(timer)
    timer = undefined
    due = true
    wake()
  }
  return {
    ask(ms) {
      timer ??= setTimeout(now, ms)
    },
    now,
    async next() {
      if (!due) await new Promise<void>((resolve) => (wake = resolve))
      due = false
      return 'tick'
    },
    stop: () => clearTimeout(timer),
  }
}

/** The same items, with each tick that comes while the next one is waited for. */
export async function* withTicks<T>(items: AsyncIterable<T>, ticks: Ticks): AsyncIterable<T | 'tick'> {
  const iterator = items[Symbol.asyncIterator]()
  try {
    for (let next = iterator.next(), tick = ticks.next(); ; ) {
      const came = await Promise.race([next, tick])
      if (came === 'tick') {
        yield came
        tick = ticks.next()
      } else {
        if (came.done) return
        yield came.value
        next = iterator.next()
      }
    }
  } finally {
    ticks.stop()
    await iterator.return?.()
  }
}
