import * as esbuild from 'esbuild'
import { toCommonJs } from './commonjs.ts'
import { ownMap } from './own-map.ts'

/** A file of the build: its path, its code, and its source map as JSON, if the code is of our sources. */
export interface Compact {
  path: string
  code: string
  map: string | undefined
}

/** Converts esbuild's ES modules to minified CommonJS, each with its source map. */
export function compactAll(files: readonly esbuild.OutputFile[], head = ''): Promise<Compact[]> {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const sources = files.filter(({ path }) => !path.endsWith('.map'))
  return Promise.all(sources.map(({ path, text }) => compact(path, `${head}${toCommonJs(text)}`, texts.get(`${path}.map`) ?? '')))
}

async function compact(path: string, text: string, firstMap: string): Promise<Compact> {
  const { code, map } = await esbuild.transform(`${text}\n${MAP}${Buffer.from(firstMap).toString('base64')}`, {
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'external',
    sourcesContent: false,
    supported: { 'dynamic-import': false },
  })
  return { path, code, map: ownMap(map) }
}

/** esbuild reads the map of what it transforms from the code's last line. */
const MAP = '//# sourceMappingURL=data:application/json;base64,'
