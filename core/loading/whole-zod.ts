/** The package zod. */
export type Zod = typeof import('zod')

/** Loads the complete package zod. The build puts zod into a separate file, because a start needs only a small part. */
export function wholeZod(): Zod {
  if (typeof require === 'function') return require('ainative-code/zod')
  return process.getBuiltinModule('node:module').createRequire(import.meta.url)('zod')
}
