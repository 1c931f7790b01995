import crypto from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { commandIndexes } from './build/commands.ts'
import { convertAll, type OutputFile } from './build/convert-output.ts'
import { importStartModules } from './build/import-start-modules.ts'
import { fastSort } from './build/jsonata.ts'
import { writeLicenses } from './build/licenses.ts'
import { pricesSource } from './build/prices.ts'
import { checkStart } from './build/start.ts'

/**
 * Builds dist: ES modules are split so that every module has one copy at run time, and each result is then converted to CommonJS, which
 * V8's code cache needs. docs/architecture.md lists what the build changes, and why.
 */
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const out = path.join(root, 'dist')
const manifest = JSON.parse(await fs.readFile(path.join(root, 'package.json'), 'utf8'))

const shared = {
  platform: 'node',
  target: 'node20',
  format: 'esm',
  bundle: true,
  // White space stays, because toCommonJs reads imports and exports line by line. Names stay, because stack traces show them.
  minifySyntax: true,
  legalComments: 'none',
  sourcemap: 'external',
  sourcesContent: false,
  metafile: true,
  absWorkingDir: root,
  outdir: out,
  outExtension: { '.js': '.cjs' },
  write: false,
} satisfies esbuild.BuildOptions

async function write({ path: file, code, map }: OutputFile, mode?: number): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true })
  await fs.writeFile(file, code, { mode })
  if (map) await fs.writeFile(`${file}.map`, map)
}

/** Sources that the build generates. */
const replaced = {
  ...(await commandIndexes(root)),
  'plugins/stats/prices/providers.ts': pricesSource,
}

const program = await esbuild.build({
  ...shared,
  entryPoints: {
    'core/index': 'scripts/build/entry.ts',
    'core/main': 'core/main.ts',
    'core/testing': 'core/testing/index.ts',
    'core/worker-main': 'core/thread/worker-main.ts',
    'ainative.config': 'ainative.config.ts',
  },
  splitting: true,
  conditions: ['ainative-source'],
  // vorpal requires babel-polyfill only without the global that the shell sets, and pg requires pg-native only on request.
  external: ['esbuild', 'tsx', 'babel-polyfill', 'pg-native', 'ainative-code/zod'],
  alias: {
    // The builds for browsers use the global crypto; the builds for Node load node:crypto at every start.
    nanoid: './node_modules/nanoid/index.browser.js',
    ulid: './node_modules/ulid/dist/browser/index.js',
    // The AI SDKs use nearly all of zod; without the alias, every start would load all of zod.
    'zod/v4': 'ainative-code/zod',
  },
  plugins: [importStartModules(root, replaced), fastSort],
  chunkNames: 'chunks/[name]-[hash]',
})
checkStart(program.metafile, 'dist/core/main.cjs')

await fs.rm(out, { recursive: true, force: true })
const hash = crypto.createHash('sha256')
for (const file of await convertAll(program.outputFiles)) {
  hash.update(file.path.slice(root.length)).update(file.code)
  await write(file)
}

// The complete zod, for plugins and the AI SDKs.
const zod = await esbuild.build({ ...shared, entryPoints: { 'core/zod': 'core/kernel/zod.ts' } })
for (const file of await convertAll(zod.outputFiles)) await write(file)

const starts = await esbuild.build({
  ...shared,
  entryPoints: { bin: 'core/bin.ts', worker: 'core/bin-worker.ts' },
  define: { BUILD_HASH: JSON.stringify(hash.digest('hex').slice(0, 16)), PACKAGE_VERSION: JSON.stringify(manifest.version) },
})
for (const file of await convertAll(starts.outputFiles, '#!/usr/bin/env node\n')) await write(file, 0o755)

// These packages are in dist, but the metafiles do not list them: dist has only the data of genai-prices, and secretlint's preset is a
// bundle that contains the others.
const MATCHER = '@textlint/regexp-string-matcher'
const hidden = ['@pydantic/genai-prices', MATCHER, `${MATCHER}/node_modules/escape-string-regexp`, 'node-forge']
const lodash = ['lodash.sortby', 'lodash.uniq', 'lodash.uniqwith']
await writeLicenses(root, [program.metafile, zod.metafile, starts.metafile], [...hidden, ...lodash])
