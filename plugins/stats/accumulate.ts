import type { Aggregate, Figure } from 'ainative-code'

/** The figures of a row; unknown figures are absent. */
export type Figures = Partial<Record<Figure, number>>

/** Computes an aggregate from the rows of a group. */
export interface Accumulator {
  add(session: string, figures: Figures): void
  result(): number | null
}

/** Creates the accumulator of an aggregate. */
export function accumulatorOf(aggregate: Aggregate): Accumulator {
  if ('count' in aggregate) return aggregate.count === 'sessions' ? sessionCounter() : counter(aggregate.count)
  if ('percentile' in aggregate) return percentileAccumulator(aggregate.percentile, aggregate.at)
  const [kind, figure] = Object.entries(aggregate)[0] as ['sum' | 'avg' | 'min' | 'max' | 'span', Figure]
  const totals = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }
  return {
    add(_, { [figure]: value }) {
      if (value === undefined) return
      totals.count++
      totals.sum += value
      totals.min = Math.min(totals.min, value)
      totals.max = Math.max(totals.max, value)
    },
    result: () => (totals.count === 0 ? null : { ...totals, avg: totals.sum / totals.count, span: totals.max - totals.min }[kind]),
  }
}

function counter(figure: 'rows' | Figure): Accumulator {
  let count = 0
  return {
    add(_, figures) {
      if (figure === 'rows' || figures[figure] !== undefined) count++
    },
    result: () => count,
  }
}

/** Counts sessions. The rows of one session must follow each other. */
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

function percentileAccumulator(figure: Figure, at: number): Accumulator {
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
