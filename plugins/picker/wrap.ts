import type { Measure } from 'ainative-code'

/** Text as at most so many lines of a width, broken at spaces where there are any. */
export function wrap(text: string, width: number, height: number, measure: Measure): string[] {
  const lines: string[] = []
  for (let rest = text; lines.length < height && rest !== ''; ) {
    const end = rest.indexOf('\n')
    const line = end < 0 ? rest : rest.slice(0, end)
    const length = fitting(line, width, measure)
    lines.push(line.slice(0, length).trimEnd())
    const left = line.slice(length).trimStart()
    rest = left + (end < 0 ? '' : left ? rest.slice(end) : rest.slice(end + 1))
  }
  return lines
}

/** How much of a line is shown in one line. */
function fitting(line: string, width: number, measure: Measure): number {
  if (measure(line, width).index >= line.length) return line.length
  // A cut leaves a column for an ellipsis, which is not written here. The letter forces a cut of a line that is one column too wide.
  const { index } = measure(`${line}x`, width + 1)
  const space = line.lastIndexOf(' ', index)
  return space > 0 ? space : Math.max(1, index)
}
