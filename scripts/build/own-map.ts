import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec'

interface SourceMap {
  sources: string[]
  mappings: string
}

/**
 * Returns a source map, as JSON, of only the project's own sources, because maps of packages would be larger than the code. A stack frame
 * of a package then shows the file in dist. Undefined if the code has no source of the project.
 */
export function ownMap(json: string): string | undefined {
  const { sources, mappings }: SourceMap = JSON.parse(json)
  const own = sources.filter(isOwn)
  if (own.length === 0) return undefined
  const indexes = sources.map((source) => own.indexOf(source))
  const lines = decode(mappings).map((segments) => withoutPackages(segments, indexes))
  return JSON.stringify({ version: 3, sources: own, names: [], mappings: encode(lines) })
}

const isOwn = (source: string) => /^\.\.\/(?!.*node_modules\/)/.test(source)

/**
 * Returns the segments with the new indexes of their sources, and without names. Consecutive segments of packages become one segment
 * without a source.
 */
function withoutPackages(segments: SourceMapSegment[], indexes: number[]): SourceMapSegment[] {
  const kept: SourceMapSegment[] = []
  for (const [column, source = -1, line = 0, sourceColumn = 0] of segments) {
    const index = indexes[source] ?? -1
    if (index >= 0) kept.push([column, index, line, sourceColumn])
    else if (kept.at(-1)?.length !== 1) kept.push([column])
  }
  return kept
}
