import path from 'node:path'

/** Compiled code by the file that it came from, with its source map in it. */
const compiled = new Map<string, string>()

/** Keeps what is needed to tell where in a source an error was thrown. */
export const keepSource = (file: string, code: string): void => void compiled.set(file, code)

const MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/

/** The file and the line of a loaded source that an error comes from, such as `report.ts:18`. */
export function sourcePlace(error: unknown): string | undefined {
  for (const [, file = '', line, column] of stackOf(error).matchAll(/([^\s(]+):(\d+):(\d+)\)?$/gm)) {
    const map = MAP.exec(compiled.get(file) ?? '')?.[1]
    if (map === undefined) continue
    const { SourceMap } = process.getBuiltinModule('node:module')
    const entry = new SourceMap(JSON.parse(Buffer.from(map, 'base64').toString())).findEntry(Number(line) - 1, Number(column) - 1)
    if ('originalLine' in entry) return `${path.basename(entry.originalSource)}:${entry.originalLine + 1}`
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
