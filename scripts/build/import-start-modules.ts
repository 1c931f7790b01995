import fs from 'node:fs/promises'
import path from 'node:path'
import type { Plugin } from 'esbuild'

/**
 * Adds an import of start-modules.ts to each source of the project, so that everything a start needs is in one chunk. esbuild's `inject`
 * would also add the import to CommonJS packages, and turn every module that they import into a function, which takes longer to run.
 * `replaced` has the sources that the build generates, by their path below `root`.
 */
export const importStartModules = (root: string, replaced: Record<string, () => Promise<string>>): Plugin => ({
  name: 'import-start-modules',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      if (file.includes('node_modules')) return undefined
      const source = await (replaced[path.relative(root, file)]?.() ?? fs.readFile(file, 'utf8'))
      return { contents: `${source}\nimport ${JSON.stringify(path.join(root, 'scripts/build/start-modules.ts'))}\n`, loader: 'ts' }
    })
  },
})
