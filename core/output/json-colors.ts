const KEY = 36
const TEXT = 32
/** Numbers, booleans and null. */
const OTHER = 33

const paint = (code: number, text: string) => (text ? `\x1b[${code}m${text}\x1b[39m` : '')

/** Colors indented JSON that arrives in pieces. */
export async function* paintJson(text: AsyncIterable<string>): AsyncIterable<string> {
  const add = jsonPainter()
  let last = ''
  for await (const piece of text) {
    if (last) yield last
    last = add(piece)
  }
  yield last + add('\n').slice(0, -1)
}

/** Returns a function that colors indented JSON in pieces. The function returns complete lines, and keeps the start of the next line. */
export function jsonPainter(): (piece: string) => string {
  let begun = ''
  return (piece) => {
    const end = piece.lastIndexOf('\n')
    const lines = end < 0 ? '' : begun + piece.slice(0, end + 1)
    begun = end < 0 ? begun + piece : piece.slice(end + 1)
    return lines.split('\n').map(paintLine).join('\n')
  }
}

/** Colors a line, which holds a key, a value or both, and brackets or a comma. */
function paintLine(line: string): string {
  const indent = line.length - line.trimStart().length
  const keyEnd = line[indent] === '"' ? endOfText(line, indent) : indent
  const isKey = line.startsWith(': ', keyEnd)
  const from = isKey ? keyEnd + 2 : indent
  let end = line.length
  while (end > from && '[]{},'.includes(line[end - 1] as string)) end--
  const value = line.slice(from, end)
  const key = isKey ? `${paint(KEY, line.slice(indent, keyEnd))}: ` : ''
  return `${line.slice(0, indent)}${key}${paint(value.startsWith('"') ? TEXT : OTHER, value)}${line.slice(end)}`
}

/** The index after the closing quote of the string that starts at `start`. */
function endOfText(line: string, start: number): number {
  let at = start + 1
  while (at < line.length && line[at] !== '"') at += line[at] === '\\' ? 2 : 1
  return at + 1
}
