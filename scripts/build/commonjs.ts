/**
 * Converts the imports and exports of esbuild's ES modules to CommonJS. esbuild writes them with double quotes, from the first column,
 * exports last. Its own conversion copies every property of every imported module, also of Node's modules, into an object of getters,
 * which takes a tenth of a start.
 */
export function toCommonJs(text: string): string {
  const end = text.lastIndexOf('\nexport ') + 1 || text.length
  // esbuild's __esm sets the exports after the file is loaded; a copied name would keep the value from before.
  if (/^var __esm\b/m.test(text))
    throw new Error('CommonJS code requires an ES module (__esm), whose exports would be copied before they are set')
  return toRequires(text.slice(0, end)) + toExports(text.slice(end))
}

function toRequires(text: string): string {
  const made = text
    // A module that is imported as a whole is CommonJS: a module of Node, whose default export is the module itself, or ainative-code/zod.
    .replace(/^import (?:\* as )?([\w$]+) from ("(?:node:)?\w[\w/-]*");$/gm, 'const $1 = require($2);')
    .replace(
      /^import \{([^}]*)\} from (".*");$/gm,
      // Keeps the number of lines, so that the source map still fits.
      (_, names, from) => `const {${pairs(names, (a, b) => `${a}: ${b}`)}} = require(${from});${names.replace(/[^\n]/g, '')}`,
    )
    .replace(/^import (".*");$/gm, 'require($1);')
  const left = /^import .*"(?=;$)/m.exec(made)
  if (left) throw new Error(`cannot convert an import to CommonJS: ${left[0].slice(0, 200)}`)
  if (made.split('\n').length !== text.split('\n').length)
    throw new Error('the source map no longer fits: converting an import changed the number of lines')
  return made
}

function toExports(text: string): string {
  if (text === '') return ''
  const made = text
    .replace(/^export \{([^}]*)\};/, (_, names) => `module.exports = {__esModule: true, ${pairs(names, (a, b) => `${b}: ${a}`)}};`)
    .replace(/^export default ([^;]*);/, 'module.exports = {__esModule: true, default: $1};')
  if (made !== text) return made
  throw new Error(`cannot convert an export to CommonJS: ${text.slice(0, 200)}`)
}

/** Rewrites each item of a list such as `a as b, c`. */
const pairs = (list: string, write: (from: string, to: string) => string) =>
  list
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => {
      const [from = '', to = from] = each.split(' as ')
      return write(from, to)
    })
    .join(', ')
