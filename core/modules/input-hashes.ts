import fs from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import type { Plugin } from 'esbuild'
import { type Hashes, sha256 } from '../files/hash.ts'
import { readRegular } from '../files/regular-file.ts'
import { bundle, failuresOf, isBare, LOADERS, loadSource, locate, problemOf, sourceOf } from './bundler.ts'
import { isOwnModule } from './own-modules.ts'

/** The hash of every file that a file is made of, packages too; what cannot be found is left out. */
export async function inputsOf(file: string): Promise<Hashes> {
  const found = new Map<string, string>()
  const note = (each: string, text: string) => void found.set(each, sha256(text))
  const everything: Plugin = {
    name: 'everything',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path: id, importer, kind }) => {
        if (kind === 'entry-point') return undefined
        if (isOwnModule(id) || isBuiltin(id)) return { path: id, external: true }
        const at = isBare(id) ? locate(id, importer) : undefined
        return at ? { path: at } : undefined
      })
      onLoad({ filter: /.*/ }, ({ path: each }) => {
        const manifest = manifestOf(each)
        if (manifest) note(manifest, readRegular(manifest))
        return loadSource(each, (text) => {
          note(each, text)
          const loader = LOADERS[path.extname(each)] ?? 'empty'
          return { contents: loader === 'empty' ? '' : sourceOf(text), loader, resolveDir: path.dirname(each) }
        })
      })
    },
  }
  try {
    await bundle(file, { format: 'esm', plugins: [everything] })
  } catch (error) {
    const failures = failuresOf(error)
    if (failures.length === 0 || !failures.every(({ text }) => text.startsWith('Could not resolve'))) throw problemOf(error)
  }
  return found
}

/** The package.json that says which of a package's files is which. */
function manifestOf(file: string): string | undefined {
  const root = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0]
  const manifest = root && path.join(root, 'package.json')
  return manifest && fs.existsSync(manifest) ? manifest : undefined
}
