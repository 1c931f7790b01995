import { styleText } from 'node:util'
import { largest } from './largest.ts'

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Colors a text green if `color` is true. */
export const green = (text: string, color: boolean) => (color && text ? styleText('green', text, { validateStream: false }) : text)

/** Draws a horizontal bar; the value `max` has `width` columns. Every value above zero is visible. */
export function bar(value: number, max: number, width: number): string {
  if (value <= 0 || max <= 0) return ''
  const eighths = Math.max(1, Math.round((value / max) * width * 8))
  return '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7]
}

/** Draws one vertical bar per value, in one line. */
export function sparkline(values: number[]): string {
  const max = largest(values) || 1
  return values.map((value) => LEVELS[Math.ceil((value / max) * 7)]).join('')
}
