/** The `require` of the program itself, from wherever its package is installed; not that of the file that was started, which may be a link. */
export const ownRequire = (): NodeJS.Require =>
  typeof require === 'function' ? require : process.getBuiltinModule('node:module').createRequire(import.meta.url)
