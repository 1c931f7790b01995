import fs from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import * as esbuild from 'esbuild'
import type { Compiled } from './compiled.ts'
import { messageOf, Problem } from './problem.ts'
import { FROM } from './require.ts'

const LOADERS: Record<string, esbuild.Loader> = {
  ...{ '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx', '.js': 'js', '.mjs': 'js', '.cjs': 'js', '.jsx': 'jsx', '.json': 'json' },
}

/** What keeps meaning the source file in the compiled one. */
const PLACES: [name: string, local: string, value: (file: string) => string][] = [
  ['import.meta.url', '__source_url', (file) => pathToFileURL(file).href],
  ['import.meta.filename', '__source_file', (file) => file],
  ['import.meta.dirname', '__source_folder', (file) => path.dirname(file)],
]
const SAME: Record<string, string> = { __filename: '__source_file', __dirname: '__source_folder' }

const COMMON = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  logLevel: 'silent',
  // Neither a tsconfig.json nearby nor another one there later may change what comes out.
  tsconfigRaw: {},
  metafile: true,
} satisfies esbuild.BuildOptions

/** A file and its local imports as one; packages stay outside. */
export async function compile(file: string): Promise<Compiled> {
  try {
    return await build(file, 'cjs')
  } catch (error) {
    if (!failuresOf(error).some(({ text }) => text.startsWith('Top-level await'))) throw problemOf(error)
  }
  return build(file, 'esm').catch((error) => {
    throw problemOf(error)
  })
}

async function build(file: string, format: Compiled['format']): Promise<Compiled> {
  const inputs = new Map<string, string>()
  const externals = new Set<string>()
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    format,
    entryPoints: [file],
    absWorkingDir: path.dirname(file),
    // The vm has no import of its own, and require loads ES modules too.
    ...(format === 'cjs' && { supported: { 'dynamic-import': false } }),
    define: { ...Object.fromEntries(PLACES.map(([name, local]) => [name, local])), ...SAME },
    ...(format === 'esm' && {
      banner: { js: `const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(file)});` },
    }),
    plugins: [sources(inputs), format === 'cjs' ? packages(path.dirname(file)) : modules(externals)],
  })
  await esbuild.stop()
  return { file, inputs: [...inputs], format, externals: [...externals], code: outputFiles[0]?.text ?? '' }
}

/** Reads the sources, keeping their texts, and tells each where it lies. */
const sources = (inputs: Map<string, string>): esbuild.Plugin => ({
  name: 'sources',
  setup({ onLoad }) {
    onLoad({ filter: /.*/, namespace: 'file' }, ({ path: file }) => {
      const loader = LOADERS[path.extname(file)]
      if (!loader) return undefined
      const text = fs.readFileSync(file, 'utf8')
      if (text.includes('\0')) return { errors: [{ text: 'it is not a text file' }] }
      inputs.set(file, text)
      if (loader === 'json') return { contents: text, loader }
      const places = PLACES.filter(([name, local]) => text.includes(name.slice(name.lastIndexOf('.'))) || usesSame(text, local))
      const head = places.map(([, local, value]) => `const ${local}=${JSON.stringify(value(file))};`).join('')
      return { contents: head + text.replace(/^#!/, '//'), loader, resolveDir: path.dirname(file) }
    })
  },
})

const usesSame = (text: string, local: string) => Object.keys(SAME).some((name) => SAME[name] === local && text.includes(name))

const isBare = (id: string) => !/^(\.\.?(\/|$)|\/|#)/.test(id)

/** Packages for CommonJS: found when it runs, from where the asking file lies. */
const packages = (folder: string): esbuild.Plugin => ({
  name: 'packages',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path: id, kind, resolveDir }) => {
      if (kind === 'entry-point' || !isBare(id)) return undefined
      const near = isBuiltin(id) || id === 'ainative-code' || resolveDir === folder
      return { path: near ? id : `${resolveDir}${FROM}${id}`, external: true }
    })
  },
})

/** Packages for an ES module: found now, since the text that is run has no folder. */
const modules = (externals: Set<string>): esbuild.Plugin => ({
  name: 'modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path: id, kind, importer }) => {
      if (kind === 'entry-point' || !isBare(id)) return undefined
      if (id === 'ainative-code') return { path: id, namespace: 'core' }
      if (isBuiltin(id)) return { path: id, external: true }
      const found = locate(id, importer)
      if (!found) return { errors: [{ text: `it imports ${JSON.stringify(id)}, which cannot be found from ${importer}` }] }
      externals.add(found)
      return { path: pathToFileURL(found).href, external: true }
    })
    onLoad({ filter: /.*/, namespace: 'core' }, () => ({ contents: `module.exports = globalThis['ainative-code core']`, loader: 'js' }))
  },
})

function locate(id: string, importer: string): string | undefined {
  try {
    return createRequire(importer).resolve(id)
  } catch {
    return undefined
  }
}

/** Every file that a file is made of, packages too; what cannot be found is left out. */
export async function inputsOf(file: string): Promise<string[]> {
  const found = new Set<string>()
  const everything: esbuild.Plugin = {
    name: 'everything',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path: id, importer, kind }) => {
        if (kind === 'entry-point') return undefined
        if (id === 'ainative-code' || isBuiltin(id)) return { path: id, external: true }
        const at = isBare(id) ? locate(id, importer) : undefined
        return at ? { path: at } : undefined
      })
      onLoad({ filter: /.*/ }, ({ path: each }) => {
        found.add(each)
        const manifest = manifestOf(each)
        if (manifest) found.add(manifest)
        const loader = LOADERS[path.extname(each)] ?? 'empty'
        return {
          contents: loader === 'empty' ? '' : fs.readFileSync(each, 'utf8').replace(/^#!/, '//'),
          loader,
          resolveDir: path.dirname(each),
        }
      })
    },
  }
  try {
    await esbuild.build({ ...COMMON, format: 'esm', entryPoints: [file], absWorkingDir: path.dirname(file), plugins: [everything] })
  } catch (error) {
    const failure = failuresOf(error).find(({ text }) => !text.startsWith('Could not resolve'))
    if (failure) throw problemOf(error)
  }
  await esbuild.stop()
  return [...found]
}

/** The package.json that says which of a package's files is which. */
function manifestOf(file: string): string | undefined {
  const root = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0]
  const manifest = root && path.join(root, 'package.json')
  return manifest && fs.existsSync(manifest) ? manifest : undefined
}

const failuresOf = (error: unknown): esbuild.Message[] => (error as Partial<esbuild.BuildFailure>).errors ?? []

function problemOf(error: unknown): Problem {
  const [first] = failuresOf(error)
  if (!first) return new Problem('module', `it cannot be compiled: ${messageOf(error)}`, { cause: error })
  const { location, text } = first
  const where = location ? `line ${location.line} of ${location.file}: ` : ''
  return new Problem('module', `${where}${text}`, { cause: error })
}
