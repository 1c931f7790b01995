import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec'

interface SourceMap {
  sources: string[]
  mappings: string
}

/**
 * A source map, as JSON, for the project's own sources alone: those of packages would make the maps larger than the code, and a frame of
 * a package is named by its file in dist. Undefined for code of packages alone.
 */
export function ownMap(json: string): string | undefined {
  const { sources, mappings }: SourceMap = JSON.parse(json)
  const own = sources.filter(isOwn)
  if (own.length === 0) return undefined
  const places = sources.map((source) => own.indexOf(source))
  const lines = decode(mappings).map((segments) => withoutOthers(segments, places))
  return JSON.stringify({ version: 3, sources: own, names: [], mappings: encode(lines) })
}

const isOwn = (source: string) => /^\.\.\/(?!.*node_modules\/)/.test(source)

/** The segments with their sources' new places and without names; of a run of segments of packages the first, which has no source. */
function withoutOthers(segments: SourceMapSegment[], places: number[]): SourceMapSegment[] {
  const kept: SourceMapSegment[] = []
  for (const [column, source = -1, line = 0, sourceColumn = 0] of segments) {
    const place = places[source] ?? -1
    if (place >= 0) kept.push([column, place, line, sourceColumn])
    else if (kept.at(-1)?.length !== 1) kept.push([column])
  }
  return kept
}
