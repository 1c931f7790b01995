/** Ticks that wake a loop which waits for something else. */
export interface Ticks {
  /** Requests a tick after this many milliseconds, unless one is due. */
  ask(ms: number): void
  /** Ticks at once. */
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

/** The same items, with the ticks that occur between them. */
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
    // A generator that still waits for its next item would never return.
    if (!ended) await iterator.return?.()
  }
}
