import { isBuiltin } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { Problem } from '../kernel/problem.ts'
import { bundle, failuresOf, isBare, LOADERS, loadSource, problemOf, resolvePackage, sourceOf } from './bundler.ts'
import type { CompiledModule } from './compiled-module.ts'
import { type ImportPath, linkedPaths } from './import-paths.ts'
import { FOLDER_SEPARATOR } from './module-require.ts'
import { isOwnModule } from './own-modules.ts'

/** The names that refer to the source file also in compiled code: each becomes a local constant. */
const FILE_CONSTANTS: [name: string, local: string, value: (file: string) => string][] = [
  ['import.meta.url', '__source_url', (file) => pathToFileURL(file).href],
  ['import.meta.filename', '__source_file', (file) => file],
  ['import.meta.dirname', '__source_folder', (file) => path.dirname(file)],
]
const COMMONJS_NAMES: Record<string, string> = { __filename: '__source_file', __dirname: '__source_folder' }

/** Compiles a file with its local imports to one module. `whole` includes packages too, so that a trusted module runs no other file. */
export async function compileModule(file: string, whole: boolean): Promise<CompiledModule> {
  try {
    return await build(file, 'cjs', whole)
  } catch (error) {
    const usesAwait = failuresOf(error).some(({ text }) => text.startsWith('Top-level await'))
    if (!usesAwait) throw problemOf(error)
    if (whole) throw new Problem('module', "top-level await is not supported in a project's code")
  }
  return build(file, 'esm').catch((error) => {
    throw problemOf(error)
  })
}

async function build(file: string, format: CompiledModule['format'], whole = false): Promise<CompiledModule> {
  const inputs = new Map<string, string>()
  const paths = new Map<string, string>()
  const add = (found: ImportPath[]) => {
    for (const [each, real] of found) paths.set(each, real)
  }
  const code = await bundle(file, {
    format,
    // node:vm does not support import(), but require() loads ES modules too.
    ...(format === 'cjs' && { supported: { 'dynamic-import': false } }),
    define: { ...Object.fromEntries(FILE_CONSTANTS.map(([name, local]) => [name, local])), ...COMMONJS_NAMES },
    ...(format === 'esm' && {
      banner: { js: `const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(file)});` },
    }),
    plugins: [
      links(add),
      sources(inputs),
      whole ? includedPackages : format === 'cjs' ? requiredPackages(path.dirname(file)) : importedPackages(add),
    ],
  })
  return { file, whole, inputs: [...inputs], paths: [...paths], format, code }
}

/** Passes the symbolic links that imports follow to `add`. The other plugins resolve the imports. */
const links = (add: (found: ImportPath[]) => void): Plugin => ({
  name: 'links',
  setup({ onResolve }) {
    onResolve({ filter: /.*/, namespace: 'file' }, ({ path: id, kind, resolveDir }) => {
      if (kind !== 'entry-point') add(linkedPaths(id, resolveDir))
      return undefined
    })
  },
})

/** Reads the sources, stores their texts in `inputs`, and adds the file constants to each. */
const sources = (inputs: Map<string, string>): Plugin => ({
  name: 'sources',
  setup({ onLoad }) {
    onLoad({ filter: /.*/, namespace: 'file' }, ({ path: file }) => {
      const loader = LOADERS[path.extname(file)]
      if (!loader) return { errors: [{ text: `cannot import ${file}: expected code, JSON or text` }] }
      return loadSource(file, (text) => {
        if (text.includes('\0')) return { errors: [{ text: 'not a text file' }] }
        inputs.set(file, text)
        if (loader === 'json' || loader === 'text') return { contents: sourceOf(text), loader }
        const constants = FILE_CONSTANTS.filter(
          ([name, local]) => text.includes(name.slice(name.lastIndexOf('.'))) || usesCommonJsName(text, local),
        )
        const head = constants.map(([, local, value]) => `const ${local}=${JSON.stringify(value(file))};`).join('')
        return { contents: head + sourceOf(text), loader, resolveDir: path.dirname(file) }
      })
    })
  },
})

const usesCommonJsName = (text: string, local: string) =>
  Object.keys(COMMONJS_NAMES).some((name) => COMMONJS_NAMES[name] === local && text.includes(name))

/** Keeps packages external for CommonJS: `require` resolves them at run time from the folder of the importing file. */
const requiredPackages = (folder: string): Plugin => ({
  name: 'required-packages',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path: id, kind, resolveDir }) => {
      if (kind === 'entry-point' || !isBare(id)) return undefined
      const isDirect = isBuiltin(id) || isOwnModule(id) || resolveDir === folder
      return { path: isDirect ? id : `${resolveDir}${FOLDER_SEPARATOR}${id}`, external: true }
    })
  },
})

/** Bundles packages as Node resolves them now. */
const includedPackages: Plugin = {
  name: 'included-packages',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path: id, kind, importer }) => {
      if (kind === 'entry-point' || !isBare(id)) return undefined
      if (isOwnModule(id) || isBuiltin(id)) return { path: id, external: true }
      const found = resolvePackage(id, importer)
      return found ? { path: found } : { errors: [{ text: `cannot find package ${JSON.stringify(id)} imported from ${importer}` }] }
    })
  },
}

/** Resolves packages of an ES module now, because the code runs from a data: URL and has no folder. */
const importedPackages = (add: (found: ImportPath[]) => void): Plugin => ({
  name: 'imported-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path: id, kind, importer }) => {
      if (kind === 'entry-point' || !isBare(id)) return undefined
      if (isOwnModule(id)) return { path: id, namespace: 'core' }
      if (isBuiltin(id)) return { path: id, external: true }
      const found = resolvePackage(id, importer)
      if (!found) return { errors: [{ text: `cannot find package ${JSON.stringify(id)} imported from ${importer}` }] }
      add([[found, found]])
      return { path: pathToFileURL(found).href, external: true }
    })
    onLoad({ filter: /.*/, namespace: 'core' }, ({ path: id }) => ({
      contents: `module.exports = globalThis['ainative-code core'](${JSON.stringify(id)})`,
      loader: 'js',
    }))
  },
})
