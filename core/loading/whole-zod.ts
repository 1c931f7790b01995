/** The package zod. */
export type Zod = typeof import('zod')

/** Loads all of zod. The build keeps zod in a file of its own, since a start needs only a small part. */
export function wholeZod(): Zod {
  if (typeof require === 'function') return require('ainative-code/zod')
  return process.getBuiltinModule('node:module').createRequire(import.meta.url)('zod')
}
