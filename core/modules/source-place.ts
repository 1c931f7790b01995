import fs from 'node:fs'
import type { SourceMap } from 'node:module'
import path from 'node:path'
import { readRegular } from '../files/regular-file.ts'

/** Compiled code by the file that it came from, with its source map in it. */
const compiled = new Map<string, string>()

/** Keeps what is needed to tell where in a source an error was thrown. */
export const keepSource = (file: string, code: string): void => void compiled.set(file, code)

/** The file and the line of a loaded source that an error comes from, such as `report.ts:18`. */
export function sourcePlace(error: unknown): string | undefined {
  for (const line of stackOf(error).split('\n')) {
    const { file = '', place } = frameOf(line) ?? {}
    if (place && compiled.has(file)) return `${path.basename(place.file)}:${place.line}`
  }
  return undefined
}

/** The stack of an error with the files and lines of the sources; where those are not installed, below the program's folder: `core/run.ts:41:9`. */
export function sourceStack(error: unknown): string {
  const lines = stackOf(error).split('\n')
  return lines.map((line) => frameOf(line)?.text ?? line).join('\n')
}

/** The line of the program's sources that an error comes from, such as `core/run.ts:41`. */
export function faultPlace(error: unknown): string | undefined {
  for (const line of sourceStack(error).split('\n')) {
    const place = line.length < LONGEST ? /^ {4}at .*\b((?:core|plugins)\/[\w./-]+\.ts:\d+)/.exec(line)?.[1] : undefined
    if (place) return place
  }
  return undefined
}

/** The stack of an error; what is thrown may give anything as its stack, or throw when it is asked. */
function stackOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack) : ''
  } catch {
    return ''
  }
}

interface Frame {
  /** The file that was run. */
  file: string
  /** The line of the stack with the place in the source. */
  text: string
  place: { file: string; line: number }
}

/** The length from which a line is no place in a stack but part of a message, which may be any text. */
const LONGEST = 1000

/** A line of a stack such as `    at name (/file:1:2)`. */
const FRAME = /^( {4}at (?:.* )?\(?)(\/.+):(\d+):(\d+)(\)?)$/

/** A line of a stack that points to code with a source map. */
function frameOf(text: string): Frame | undefined {
  const [, start, file = '', line, column, end] = (text.length < LONGEST && FRAME.exec(text)) || []
  const code = compiled.has(file) ? file : builtFile(file)
  const entry = code && mapOf(code)?.findEntry(Number(line) - 1, Number(column) - 1)
  if (!entry || !('originalLine' in entry) || !entry.originalSource) return undefined
  const source = path.resolve(path.dirname(code), entry.originalSource)
  // An installed package has no sources.
  const place = { file: fs.existsSync(source) ? source : path.relative(path.dirname(DIST), source), line: entry.originalLine + 1 }
  return { file, text: `${start}${place.file}:${place.line}:${entry.originalColumn + 1}${end}`, place }
}

/** The folder of the build; the sources have none, and Node maps their lines itself. */
const DIST = typeof __dirname === 'string' ? path.dirname(__dirname) : ''

/** The file of this build that a stack names. Code from the cache names the installation that compiled the code first. */
function builtFile(file: string): string | undefined {
  const chunk = /\/dist\/(chunks\/[\w.-]+-[A-Z0-9]{8}\.cjs)$/.exec(file)?.[1]
  if (!DIST) return undefined
  return chunk ? path.join(DIST, chunk) : file.startsWith(DIST + path.sep) ? file : undefined
}

const maps = new Map<string, SourceMap | undefined>()

/** The source map of a file that was run, if the file has a map. */
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
