/** Returns the `require` of the installed program. The started file can be a link, so its path is not used. */
export const ownRequire = (): NodeJS.Require =>
  typeof require === 'function' ? require : process.getBuiltinModule('node:module').createRequire(import.meta.url)
