import crypto from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { toCommonJs } from './build/commonjs.ts'
import { builtSource } from './build/fields.ts'
import { linearMerge } from './build/jsonata.ts'
import { lazy } from './build/lazy.ts'
import { pricesSource } from './build/prices.ts'
import { zod as sharedZod } from './build/zod.ts'

/**
 * Builds dist: ES modules are split so that every module has one copy at run time, the core's above all, and each result is then
 * turned into CommonJS without dynamic import, which starts faster and can be kept in V8's code cache.
 */
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const out = path.join(root, 'dist')
const manifest = JSON.parse(await fs.readFile(path.join(root, 'package.json'), 'utf8'))

const shared = {
  platform: 'node',
  target: 'node20',
  format: 'esm',
  bundle: true,
  // White space stays, since toCommonJs reads the lines of imports and exports.
  minifyIdentifiers: true,
  minifySyntax: true,
  legalComments: 'none',
  absWorkingDir: root,
  outdir: out,
  outExtension: { '.js': '.cjs' },
  write: false,
} satisfies esbuild.BuildOptions

const compact = async (file: esbuild.OutputFile): Promise<string> => {
  const { code } = await esbuild.transform(toCommonJs(file.text), {
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    supported: { 'dynamic-import': false },
  })
  return code.replace(/[^\0-\x7f]/g, escaped)
}

/** esbuild leaves characters in patterns as they are, where an escape means the same. */
const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Sources that the build writes anew. */
const replaced: Record<string, () => Promise<string>> = {
  'core/command/built.ts': builtSource,
  'plugins/stats/prices/providers.ts': pricesSource,
}

/**
 * Makes each of our sources import core/eager.ts, so that what a start needs lands in one chunk. Not by esbuild's inject, which reaches
 * CommonJS packages too: their require makes of every module a function of its own, and those take longer to run.
 */
const eager: esbuild.Plugin = {
  name: 'eager',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      if (file.includes('node_modules')) return undefined
      const source = await (replaced[path.relative(root, file)]?.() ?? fs.readFile(file, 'utf8'))
      return { contents: `${source}\nimport ${JSON.stringify(path.join(root, 'core/eager.ts'))}\n`, loader: 'ts' }
    })
  },
}

const { outputFiles } = await esbuild.build({
  ...shared,
  entryPoints: {
    'core/index': 'core/entry.ts',
    'core/main': 'core/main.ts',
    'core/testing': 'core/testing/index.ts',
    'core/worker-main': 'core/thread/worker-main.ts',
    'ainative.config': 'ainative.config.ts',
  },
  splitting: true,
  conditions: ['source'],
  // vorpal asks for babel-polyfill only where nobody set the mark that the shell sets.
  external: ['esbuild', 'tsx', 'babel-polyfill', 'ainative-code/zod'],
  // Their builds for browsers draw from the global crypto; those for Node load node:crypto, which every start would pay for.
  alias: { nanoid: './node_modules/nanoid/index.browser.js', ulid: './node_modules/ulid/dist/browser/index.js' },
  plugins: [lazy, eager, linearMerge, sharedZod],
  chunkNames: 'chunks/[name]-[hash]',
})

await fs.rm(out, { recursive: true, force: true })
const hash = crypto.createHash('sha256')
for (const file of outputFiles) {
  const code = await compact(file)
  hash.update(file.path.slice(root.length)).update(code)
  await fs.mkdir(path.dirname(file.path), { recursive: true })
  await fs.writeFile(file.path, code)
}

/** All of zod by itself: shared with the program, the parts that only plugins use would be in what every start loads. */
const zod = await esbuild.build({ ...shared, entryPoints: { 'core/zod': 'core/kernel/zod.ts' } })
for (const file of zod.outputFiles) await fs.writeFile(file.path, await compact(file))

const starts = await esbuild.build({
  ...shared,
  entryPoints: { bin: 'core/bin.ts', worker: 'core/bin-worker.ts' },
  define: { BUILD_HASH: JSON.stringify(hash.digest('hex').slice(0, 16)), PACKAGE_VERSION: JSON.stringify(manifest.version) },
})
for (const file of starts.outputFiles) await fs.writeFile(file.path, `#!/usr/bin/env node\n${await compact(file)}`, { mode: 0o755 })
