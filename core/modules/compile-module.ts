import { isBuiltin } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { Problem } from '../kernel/problem.ts'
import { bundle, failuresOf, isBare, LOADERS, loadSource, locate, problemOf, sourceOf } from './bundler.ts'
import type { Compiled } from './compiled-module.ts'
import { FROM } from './module-require.ts'
import { isOwnModule } from './own-modules.ts'

/** What keeps meaning the source file in the compiled one. */
const PLACES: [name: string, local: string, value: (file: string) => string][] = [
  ['import.meta.url', '__source_url', (file) => pathToFileURL(file).href],
  ['import.meta.filename', '__source_file', (file) => file],
  ['import.meta.dirname', '__source_folder', (file) => path.dirname(file)],
]
const SAME: Record<string, string> = { __filename: '__source_file', __dirname: '__source_folder' }

/** A file and its local imports as one. Packages stay outside, unless it is to be whole, so that nothing else is ever run. */
export async function compile(file: string, whole: boolean): Promise<Compiled> {
  try {
    return await build(file, 'cjs', whole)
  } catch (error) {
    const waits = failuresOf(error).some(({ text }) => text.startsWith('Top-level await'))
    if (!waits) throw problemOf(error)
    if (whole) throw new Problem('module', "it awaits at its top level, which a project's code cannot")
  }
  return build(file, 'esm').catch((error) => {
    throw problemOf(error)
  })
}

async function build(file: string, format: Compiled['format'], whole = false): Promise<Compiled> {
  const inputs = new Map<string, string>()
  const code = await bundle(file, {
    format,
    // The vm has no import of its own, and require loads ES modules too.
    ...(format === 'cjs' && { supported: { 'dynamic-import': false } }),
    define: { ...Object.fromEntries(PLACES.map(([name, local]) => [name, local])), ...SAME },
    ...(format === 'esm' && {
      banner: { js: `const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(file)});` },
    }),
    plugins: [sources(inputs), whole ? within : format === 'cjs' ? packages(path.dirname(file)) : modules],
  })
  return { file, whole, inputs: [...inputs], format, code }
}

/** Reads the sources, keeping their texts, and tells each where it lies. */
const sources = (inputs: Map<string, string>): Plugin => ({
  name: 'sources',
  setup({ onLoad }) {
    onLoad({ filter: /.*/, namespace: 'file' }, ({ path: file }) => {
      const loader = LOADERS[path.extname(file)]
      if (!loader) return { errors: [{ text: `it imports ${file}, which is neither code nor JSON nor text` }] }
      return loadSource(file, (text) => {
        if (text.includes('\0')) return { errors: [{ text: 'it is not a text file' }] }
        inputs.set(file, text)
        if (loader === 'json' || loader === 'text') return { contents: sourceOf(text), loader }
        const places = PLACES.filter(([name, local]) => text.includes(name.slice(name.lastIndexOf('.'))) || usesSame(text, local))
        const head = places.map(([, local, value]) => `const ${local}=${JSON.stringify(value(file))};`).join('')
        return { contents: head + sourceOf(text), loader, resolveDir: path.dirname(file) }
      })
    })
  },
})

const usesSame = (text: string, local: string) => Object.keys(SAME).some((name) => SAME[name] === local && text.includes(name))

/** Packages for CommonJS: found when it runs, from where the asking file lies. */
const packages = (folder: string): Plugin => ({
  name: 'packages',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path: id, kind, resolveDir }) => {
      if (kind === 'entry-point' || !isBare(id)) return undefined
      const near = isBuiltin(id) || isOwnModule(id) || resolveDir === folder
      return { path: near ? id : `${resolveDir}${FROM}${id}`, external: true }
    })
  },
})

/** Packages as part of the file: found as node finds them, now. */
const within: Plugin = {
  name: 'within',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path: id, kind, importer }) => {
      if (kind === 'entry-point' || !isBare(id)) return undefined
      if (isOwnModule(id) || isBuiltin(id)) return { path: id, external: true }
      const found = locate(id, importer)
      return found ? { path: found } : { errors: [{ text: `it imports ${JSON.stringify(id)}, which cannot be found from ${importer}` }] }
    })
  },
}

/** Packages for an ES module: found now, since the text that is run has no folder. */
const modules: Plugin = {
  name: 'modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path: id, kind, importer }) => {
      if (kind === 'entry-point' || !isBare(id)) return undefined
      if (isOwnModule(id)) return { path: id, namespace: 'core' }
      if (isBuiltin(id)) return { path: id, external: true }
      const found = locate(id, importer)
      if (!found) return { errors: [{ text: `it imports ${JSON.stringify(id)}, which cannot be found from ${importer}` }] }
      return { path: pathToFileURL(found).href, external: true }
    })
    onLoad({ filter: /.*/, namespace: 'core' }, ({ path: id }) => ({
      contents: `module.exports = globalThis['ainative-code core'](${JSON.stringify(id)})`,
      loader: 'js',
    }))
  },
}
