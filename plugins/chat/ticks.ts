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
  let ended = false
  const settled = (result: IteratorResult<T>) => {
    ended = result.done === true
    return result
  }
  const failed = (error: unknown) => {
    ended = true
    throw error
  }
  const ask = () => iterator.next().then(settled, failed)
  try {
    for (let next = ask(), tick = ticks.next(); ; ) {
      const came = await Promise.race([next, tick])
      if (came === 'tick') {
        yield came
        tick = ticks.next()
      } else {
        if (came.done) return
        yield came.value
        next = ask()
      }
    }
  } finally {
    ticks.stop()
    // A generator that was given up while it waits would never answer.
    if (!ended) await iterator.return?.()
  }
}
