import fs from 'node:fs'
import type { SourceMap } from 'node:module'
import path from 'node:path'
import { readRegular } from '../files/regular-file.ts'

/** The compiled code of each source file, with its inline source map. */
const compiled = new Map<string, string>()

/** Stores compiled code, so that `sourcePlace` can find the source line of an error. */
export const storeSource = (file: string, code: string): void => void compiled.set(file, code)

/** Returns the source file and line that threw an error, such as `report.ts:18`; undefined for code that was not compiled here. */
export function sourcePlace(error: unknown): string | undefined {
  for (const line of stackOf(error).split('\n')) {
    const { file = '', place } = frameOf(line) ?? {}
    if (place && compiled.has(file)) return `${path.basename(place.file)}:${place.line}`
  }
  return undefined
}

/** Returns the stack of an error with the files and lines of the sources. Paths of sources that are not installed are relative: `core/main.ts:41:9`. */
export function sourceStack(error: unknown): string {
  const lines = stackOf(error).split('\n')
  return lines.map((line) => frameOf(line)?.text ?? line).join('\n')
}

/** Returns the line of the program's sources that threw an error, such as `core/main.ts:41`. */
export function faultPlace(error: unknown): string | undefined {
  for (const line of sourceStack(error).split('\n')) {
    const place = line.length < MAX_LINE ? /^ {4}at .*\b((?:core|plugins)\/[\w./-]+\.ts:\d+)/.exec(line)?.[1] : undefined
    if (place) return place
  }
  return undefined
}

/** Returns the stack of an error. The getter of a thrown value can return anything or throw. */
function stackOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack) : ''
  } catch {
    return ''
  }
}

/** A stack line of code with a source map. */
interface Frame {
  /** The compiled file. */
  file: string
  /** The stack line with the place in the source. */
  text: string
  place: { file: string; line: number }
}

/** The maximum length of a stack line; a longer line belongs to a message. */
const MAX_LINE = 1000

/** Matches a line of a stack such as `    at name (/file:1:2)`. */
const FRAME = /^( {4}at (?:.* )?\(?)(\/.+):(\d+):(\d+)(\)?)$/

/** Parses a stack line; undefined for code without a source map. */
function frameOf(text: string): Frame | undefined {
  const [, start, file = '', line, column, end] = (text.length < MAX_LINE && FRAME.exec(text)) || []
  const code = compiled.has(file) ? file : builtFile(file)
  const entry = code && mapOf(code)?.findEntry(Number(line) - 1, Number(column) - 1)
  if (!entry || !('originalLine' in entry) || !entry.originalSource) return undefined
  const source = path.resolve(path.dirname(code), entry.originalSource)
  // An installed package does not contain its sources.
  const place = { file: fs.existsSync(source) ? source : path.relative(path.dirname(DIST), source), line: entry.originalLine + 1 }
  return { file, text: `${start}${place.file}:${place.line}:${entry.originalColumn + 1}${end}`, place }
}

/** The folder of the build; empty in development, where Node maps the lines itself. */
const DIST = typeof __dirname === 'string' ? path.dirname(__dirname) : ''

/** Returns the file of this build for a path in a stack. Cached code can name another installation, which compiled the code first. */
function builtFile(file: string): string | undefined {
  const chunk = /\/dist\/(chunks\/[\w.-]+-[A-Z0-9]{8}\.cjs)$/.exec(file)?.[1]
  if (!DIST) return undefined
  return chunk ? path.join(DIST, chunk) : file.startsWith(DIST + path.sep) ? file : undefined
}

const maps = new Map<string, SourceMap | undefined>()

/** Returns the source map of a compiled file, if there is one. */
function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(file))
  return maps.get(file)
}

const INLINE = /\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/

function readMap(file: string): SourceMap | undefined {
  try {
    const code = compiled.get(file)
    const text = code === undefined ? readRegular(`${file}.map`) : Buffer.from(INLINE.exec(code)?.[1] ?? '', 'base64').toString()
    return new (process.getBuiltinModule('node:module').SourceMap)(JSON.parse(text))
  } catch {
    return undefined
  }
}
