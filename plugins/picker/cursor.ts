import type { Entry } from './entry.ts'

/** The number of rows to move, or a target: the next or previous page, the first or last row. */
export type Move = number | 'page' | 'back' | 'first' | 'last'

/** The selected row of a changing list, and the visible part of the list. */
export interface Cursor {
  /** The rows, the index of the selected row (`at`), and the index of the first visible row (`top`). */
  place(): { rows: readonly Entry[]; at: number; top: number }
  current(): Entry | undefined
  move(by: Move): void
  /** Selects the first row, also after the list changes. */
  reset(): void
}

/** Creates a cursor on the first row. `height` returns the number of visible rows. */
export function createCursor(rowsOf: () => readonly Entry[], height: () => number): Cursor {
  let selected: Entry | undefined
  let top = 0
  const place = () => {
    const rows = rowsOf()
    const at = selected ? Math.max(0, rows.indexOf(selected)) : 0
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
      selected = rows[Math.max(0, Math.min(rows.length - 1, at + (typeof by === 'number' ? by : steps[by])))]
    },
    reset() {
      selected = undefined
    },
  }
}
