import type { Plugin } from 'esbuild'

/** Two of node's modules that cosmiconfig asks for at once, though what we use of it needs neither; they take 8 ms to load. */
export const lazy: Plugin = {
  name: 'lazy',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(crypto|fs\/promises)$/ }, ({ path: id, importer }) =>
      importer.includes('/node_modules/cosmiconfig/') ? { path: id, namespace: 'lazy' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path: id }) => ({
      contents: `module.exports = new Proxy({}, {
        get: (_, key) => (key === '__esModule' ? undefined : process.getBuiltinModule(${JSON.stringify(id)})[key]),
      })`,
    }))
  },
}
