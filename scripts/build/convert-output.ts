import * as esbuild from 'esbuild'
import { toCommonJs } from './commonjs.ts'
import { ownMap } from './own-map.ts'

/** A file of the build: its path, its code, and its source map as JSON; undefined if the file contains no source of the project. */
export interface OutputFile {
  path: string
  code: string
  map: string | undefined
}

/** Converts esbuild's ES modules to minified CommonJS, each with its source map. */
export function convertAll(files: readonly esbuild.OutputFile[], head = ''): Promise<OutputFile[]> {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const sources = files.filter(({ path }) => !path.endsWith('.map'))
  return Promise.all(sources.map(({ path, text }) => convert(path, `${head}${toCommonJs(text)}`, texts.get(`${path}.map`) ?? '')))
}

async function convert(path: string, text: string, firstMap: string): Promise<OutputFile> {
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

/** The start of the last line of the code, from which esbuild reads the source map of its input. */
const MAP = '//# sourceMappingURL=data:application/json;base64,'
