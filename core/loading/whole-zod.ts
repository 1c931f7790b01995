export type Zod = typeof import('zod')

/** All of zod, at once. The build has it in a file of its own, since what a start needs of it is a small part. */
export function wholeZod(): Zod {
  if (typeof require === 'function') return require('ainative-code/zod')
  return process.getBuiltinModule('node:module').createRequire(import.meta.url)('zod')
}
