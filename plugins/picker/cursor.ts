import type { Entry } from './titles.ts'

/** By how many rows to move, or where to. */
export type Move = number | 'page' | 'back' | 'first' | 'last'

/** The chosen row of a list that changes, and the part of the list on the screen. */
export interface Cursor {
  /** The rows, the index of the chosen one, and that of the first one on the screen. */
  place(): { rows: readonly Entry[]; at: number; top: number }
  current(): Entry | undefined
  move(by: Move): void
  /** Chooses the first row, whichever comes to be it. */
  reset(): void
}

/** `height` is how many rows the screen has. */
export function createCursor(rowsOf: () => readonly Entry[], height: () => number): Cursor {
  let chosen: Entry | undefined
  let top = 0
  const place = () => {
    const rows = rowsOf()
    const at = chosen ? Math.max(0, rows.indexOf(chosen)) : 0
    top = Math.max(0, Math.min(Math.max(top, at - height() + 1), at))
    return { rows, at, top }
  }
  return {
    place,
    current() {
      const { rows, at } = place()
      return rows[at]
    },
    move(by) {
      const { rows, at } = place()
      const steps = { page: height(), back: -height(), first: -rows.length, last: rows.length }
      chosen = rows[Math.max(0, Math.min(rows.length - 1, at + (typeof by === 'number' ? by : steps[by])))]
    },
    reset() {
      chosen = undefined
    },
  }
}
