import fs from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import type { Plugin } from 'esbuild'
import { type Hashes, sha256 } from '../files/hash.ts'
import { readRegular } from '../files/regular-file.ts'
import { bundle, failuresOf, isBare, LOADERS, loadSource, problemOf, resolvePackage, sourceOf } from './bundler.ts'
import { isOwnModule } from './own-modules.ts'

/** Returns the hash of a file and of every file that it imports, packages too. Imports that cannot be resolved are left out. */
export async function hashInputs(file: string): Promise<Hashes> {
  const hashes = new Map<string, string>()
  const add = (each: string, text: string) => void hashes.set(each, sha256(text))
  const hashAll: Plugin = {
    name: 'hash-all',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path: id, importer, kind }) => {
        if (kind === 'entry-point') return undefined
        if (isOwnModule(id) || isBuiltin(id)) return { path: id, external: true }
        const at = isBare(id) ? resolvePackage(id, importer) : undefined
        return at ? { path: at } : undefined
      })
      onLoad({ filter: /.*/ }, ({ path: each }) => {
        const manifest = manifestOf(each)
        if (manifest) add(manifest, readRegular(manifest))
        return loadSource(each, (text) => {
          add(each, text)
          const loader = LOADERS[path.extname(each)] ?? 'empty'
          return { contents: loader === 'empty' ? '' : sourceOf(text), loader, resolveDir: path.dirname(each) }
        })
      })
    },
  }
  try {
    await bundle(file, { format: 'esm', plugins: [hashAll] })
  } catch (error) {
    const failures = failuresOf(error)
    if (failures.length === 0 || !failures.every(({ text }) => text.startsWith('Could not resolve'))) throw problemOf(error)
  }
  return hashes
}

/** Returns the package.json of a package's file, which decides how its imports resolve. */
function manifestOf(file: string): string | undefined {
  const root = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0]
  const manifest = root && path.join(root, 'package.json')
  return manifest && fs.existsSync(manifest) ? manifest : undefined
}
