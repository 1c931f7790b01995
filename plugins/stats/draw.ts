import { styleText } from 'node:util'
import { largest } from './largest.ts'

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Text in green where colours are shown. */
export const green = (text: string, color: boolean) => (color && text ? styleText('green', text, { validateStream: false }) : text)

/** A bar of up to `width` columns; anything above zero is visible. */
export function bar(value: number, most: number, width: number): string {
  if (value <= 0 || most <= 0) return ''
  const eighths = Math.max(1, Math.round((value / most) * width * 8))
  return '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7]
}

/** A column for each value, as high as it is. */
export function sparkline(values: number[]): string {
  const most = largest(values) || 1
  return values.map((value) => LEVELS[Math.ceil((value / most) * 7)]).join('')
}
