/**
 * The imports and exports of esbuild's ES modules as CommonJS: it writes them with double quotes, from the first column, exports last.
 * esbuild's own conversion copies every property of every imported module, those of node's among them, into an object of getters, and
 * that took a tenth of a start.
 */
export function toCommonJs(text: string): string {
  const end = text.lastIndexOf('\nexport ') + 1 || text.length
  // An __esm gives its values later than its file is loaded, which a copied name would not see.
  if (/^var __esm\b/m.test(text)) throw new Error('a module is required by CommonJS, and would be copied before it has run')
  return toRequires(text.slice(0, end)) + toExports(text.slice(end))
}

function toRequires(text: string): string {
  const made = text
    // A module imported whole is CommonJS: one of node, whose default export is the module itself, or ainative-code/zod.
    .replace(/^import (?:\* as )?([\w$]+) from ("(?:node:)?\w[\w/-]*");$/gm, 'const $1 = require($2);')
    .replace(
      /^import \{([^}]*)\} from (".*");$/gm,
      // The lines stay where the source map has them.
      (_, names, from) => `const {${pairs(names, (a, b) => `${a}: ${b}`)}} = require(${from});${names.replace(/[^\n]/g, '')}`,
    )
    .replace(/^import (".*");$/gm, 'require($1);')
  const left = /^import .*"(?=;$)/m.exec(made)
  if (left) throw new Error(`an import that cannot be made CommonJS: ${left[0].slice(0, 200)}`)
  if (made.split('\n').length !== text.split('\n').length) throw new Error('the source map no longer fits: an import has other lines')
  return made
}

function toExports(text: string): string {
  if (text === '') return ''
  const made = text
    .replace(/^export \{([^}]*)\};/, (_, names) => `module.exports = {__esModule: true, ${pairs(names, (a, b) => `${b}: ${a}`)}};`)
    .replace(/^export default ([^;]*);/, 'module.exports = {__esModule: true, default: $1};')
  if (made !== text) return made
  throw new Error(`an export that cannot be made CommonJS: ${text.slice(0, 200)}`)
}

/** Rewrites each of a list such as `a as b, c`. */
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
