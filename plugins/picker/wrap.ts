import type { Measure } from 'ainative-code'

/** Wraps a text to at most `height` lines of `width` columns, at spaces if possible. */
export function wrap(text: string, width: number, height: number, measure: Measure): string[] {
  const lines: string[] = []
  for (let rest = text; lines.length < height && rest !== ''; ) {
    const end = rest.indexOf('\n')
    const line = end < 0 ? rest : rest.slice(0, end)
    const length = fittingLength(line, width, measure)
    lines.push(line.slice(0, length).trimEnd())
    const left = line.slice(length).trimStart()
    rest = left + (end < 0 ? '' : left ? rest.slice(end) : rest.slice(end + 1))
  }
  return lines
}

/** The length of the part of a line that fits into the width, in UTF-16 code units. */
function fittingLength(line: string, width: number, measure: Measure): number {
  if (measure(line, width).index >= line.length) return line.length
  // measure() reserves a column for an ellipsis, which wrap() does not write. The extra letter forces a cut if the line is one column too wide.
  const { index } = measure(`${line}x`, width + 1)
  const space = line.lastIndexOf(' ', index)
  return space > 0 ? space : Math.max(1, index)
}
