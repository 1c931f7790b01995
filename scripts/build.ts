import crypto from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

/**
 * Builds dist: ES modules are split so that every module has one copy at run time, the core's above all, and each result is then
 * turned into CommonJS without dynamic import, which starts faster and can be kept in V8's code cache.
 */
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const out = path.join(root, 'dist')
const manifest = JSON.parse(await fs.readFile(path.join(root, 'package.json'), 'utf8'))

const shared: esbuild.BuildOptions = { platform: 'node', target: 'node20', minify: true, legalComments: 'none', absWorkingDir: root }

const { outputFiles } = await esbuild.build({
  ...shared,
  entryPoints: { 'core/index': 'core/entry.ts', 'core/main': 'core/main.ts', 'ainative.config': 'ainative.config.ts' },
  bundle: true,
  splitting: true,
  format: 'esm',
  outdir: out,
  outExtension: { '.js': '.cjs' },
  conditions: ['source'],
  // vorpal asks for babel-polyfill only where nobody set the mark that the shell sets.
  external: ['esbuild', 'tsx', 'babel-polyfill'],
  // Their builds for browsers draw from the global crypto; those for Node load node:crypto, which every start would pay for.
  alias: { nanoid: './node_modules/nanoid/index.browser.js', ulid: './node_modules/ulid/dist/browser/index.js' },
  // Every file depends on it, so what a start needs lands in one chunk.
  inject: ['core/eager.ts'],
  chunkNames: 'chunks/[name]-[hash]',
  write: false,
})

await fs.rm(out, { recursive: true, force: true })
const hash = crypto.createHash('sha256')
for (const file of outputFiles) {
  const { code } = await esbuild.transform(file.text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    supported: { 'dynamic-import': false },
  })
  hash.update(file.path.slice(root.length)).update(code)
  await fs.mkdir(path.dirname(file.path), { recursive: true })
  await fs.writeFile(file.path, code)
}

await esbuild.build({
  ...shared,
  entryPoints: ['core/bin.ts'],
  format: 'cjs',
  bundle: true,
  outfile: path.join(out, 'bin.cjs'),
  banner: { js: '#!/usr/bin/env node' },
  define: { BUILD_HASH: JSON.stringify(hash.digest('hex').slice(0, 16)), PACKAGE_VERSION: JSON.stringify(manifest.version) },
})
await fs.chmod(path.join(out, 'bin.cjs'), 0o755)
