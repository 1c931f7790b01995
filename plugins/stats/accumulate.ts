import type { Aggregate, Figure } from 'ainative-code'

/** The figures of a row; one that is unknown is absent. */
export type Figures = Partial<Record<Figure, number>>

/** Gathers what an aggregate needs of the rows of a group. */
export interface Accumulator {
  add(session: string, figures: Figures): void
  result(): number | null
}

export function accumulatorOf(aggregate: Aggregate): Accumulator {
  if ('count' in aggregate) return aggregate.count === 'sessions' ? sessionCounter() : counter(aggregate.count)
  if ('percentile' in aggregate) return sorter(aggregate.percentile, aggregate.at)
  const [kind, figure] = Object.entries(aggregate)[0] as ['sum' | 'avg' | 'min' | 'max' | 'span', Figure]
  const seen = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }
  return {
    add(_, { [figure]: value }) {
      if (value === undefined) return
      seen.count++
      seen.sum += value
      seen.min = Math.min(seen.min, value)
      seen.max = Math.max(seen.max, value)
    },
    result: () => (seen.count === 0 ? null : { ...seen, avg: seen.sum / seen.count, span: seen.max - seen.min }[kind]),
  }
}

function counter(counted: 'rows' | Figure): Accumulator {
  let count = 0
  return {
    add(_, figures) {
      if (counted === 'rows' || figures[counted] !== undefined) count++
    },
    result: () => count,
  }
}

/** Counts different sessions; the rows of a session come one after the other. */
function sessionCounter(): Accumulator {
  let count = 0
  let last: string | undefined
  return {
    add(session) {
      if (session !== last) count++
      last = session
    },
    result: () => count,
  }
}

function sorter(figure: Figure, at: number): Accumulator {
  const values: number[] = []
  return {
    add(_, { [figure]: value }) {
      if (value !== undefined) values.push(value)
    },
    result() {
      if (values.length === 0) return null
      const sorted = Float64Array.from(values).sort()
      const place = (sorted.length - 1) * at
      const [low = 0, high = low] = sorted.subarray(Math.floor(place))
      return low + (high - low) * (place - Math.floor(place))
    },
  }
}
