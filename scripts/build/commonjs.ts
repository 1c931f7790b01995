/**
 * The imports and exports of esbuild's ES modules as CommonJS. esbuild's own conversion copies every property of every imported module,
 * those of node's among them, into an object of getters, and that took a tenth of a start.
 */
export function toCommonJs(text: string): string {
  const code = text
    // What is imported whole is one of node's own modules, whose default export is the module itself.
    .replace(/^import (?:\* as )?([\w$]+) from ("(?:node:)?\w[\w/]*");$/gm, 'const $1 = require($2);')
    .replace(
      /^import \{([^}]*)\} from (".*");$/gm,
      (_, names, from) => `const {${pairs(names, (a, b) => `${a}: ${b}`)}} = require(${from});`,
    )
    .replace(/^import (".*");$/gm, 'require($1);')
    .replace(/^export \{([^}]*)\};$/gm, (_, names) => `module.exports = {__esModule: true, ${pairs(names, (a, b) => `${b}: ${a}`)}};`)
    .replace(/^export default (.*);$/gm, 'module.exports = {__esModule: true, default: $1};')
  // An __esm gives its values later than its file is loaded, which a copied name would not see.
  const left = /^((import|export)\b(?!\()|var __esm\b).*/m.exec(code)
  if (left) throw new Error(`a statement that cannot be made CommonJS: ${left[0].slice(0, 200)}`)
  return code
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
