import type { Plugin } from 'esbuild'

/**
 * Gives the AI SDKs the package's own file of all of zod. Bundled with the rest, the parts of zod that only the SDKs use would land in
 * the chunk that every start loads, which doubles its size.
 */
export const zod: Plugin = {
  name: 'zod',
  setup({ onResolve }) {
    onResolve({ filter: /^zod\/v4$/ }, ({ importer }) =>
      importer.includes('/node_modules/@ai-sdk/') ? { path: 'ainative-code/zod', external: true } : undefined,
    )
  },
}
