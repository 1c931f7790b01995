/** A source of ticks: a tick wakes a loop that waits for the next item of a stream. */
export interface Ticks {
  /** Requests a tick after this many milliseconds, unless a tick is already scheduled. */
  ask(ms: number): void
  /** Requests a tick now. */
  now(): void
  next(): Promise<'tick'>
  stop(): void
}

/** Creates a source of ticks. */
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

/** Yields the items, and `tick` for each tick between them. */
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
      const result = await Promise.race([next, tick])
      if (result === 'tick') {
        yield result
        tick = ticks.next()
      } else {
        if (result.done) return
        yield result.value
        next = ask()
      }
    }
  } finally {
    ticks.stop()
    // return() of a generator that still waits for its next item would never settle.
    if (!ended) await iterator.return?.()
  }
}
