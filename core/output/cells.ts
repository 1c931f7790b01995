import { escapeControls } from './escape-controls.ts'
import type { Measure } from './width.ts'

/** Converts a text to one line without control characters. */
export const oneLine = (text: string) => (/^[\x20-\x7e]*$/.test(text) ? text : escapeControls(text.replace(/[\r\n\t\u2028\u2029]+/g, ' ')))

/** Cuts or fills a text to a width in columns. */
export function pad(text: string, width: number, measure: Measure): string {
  const { cut, space } = cutAndFill(text, width, measure, '…')
  return cut + space
}

/** Cuts a text to a width in columns, and returns it with the spaces that fill the width. */
export function cutAndFill(text: string, width: number, measure: Measure, ellipsis: string): { cut: string; space: string } {
  const { width: wide, index } = measure(text, width)
  const isCut = index < text.length
  return { cut: isCut ? `${text.slice(0, index)}${ellipsis}` : text, space: ' '.repeat(Math.max(0, width - wide - (isCut ? 1 : 0))) }
}
