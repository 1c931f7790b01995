import fs from 'node:fs'
import type { Home } from './cli.ts'
import { adds, plugin, usePlugins } from './plugins.ts'
import { until } from './until.ts'

/** Adds the function `$begun()` to the queries of a home. The returned function resolves once a query has called `$begun()`. */
export function useBegun(home: Home): () => Promise<true> {
  const file = home.path('begun')
  const call = `() => { process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(file)}, ''); return true }`
  usePlugins(home, { 'begun.ts': plugin('begun', adds('functions', `{ name: 'begun', call: ${call} }`)) })
  return () => until('the evaluation', () => fs.existsSync(file) && (true as const))
}
