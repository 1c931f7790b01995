import type * as Yaml from 'yaml'
import { Problem } from '../kernel/problem.ts'
import { maskedPath } from '../output/secret-names.ts'
import { parseForeignJson, stringifyJson } from '../session/exact-number.ts'
import { isBlock, kindOf } from './block.ts'

type Library = (typeof Yaml)['default']

/** The path of a config key: the names of nested keys, the outermost first. */
export type ConfigPath = readonly string[]

/** An editable config text. */
export interface ConfigContent {
  /** Returns a value as written: environment references stay unresolved. */
  get(path: ConfigPath): unknown
  /** Sets a value and creates missing parent blocks. Throws a Problem if a parent is not a block. */
  set(path: ConfigPath, value: unknown): void
  /** Removes a value and the parent blocks that become empty. Returns false if there is no such value. */
  unset(path: ConfigPath): boolean
  /** Returns the changed text. */
  text(): string
}

const notABlock = (path: ConfigPath, kind: string) =>
  new Problem('config', `config ${maskedPath(path)}: expected keys and values, not ${kind}`, {
    hint: 'ainative-code config path names the file',
  })

/** Parses JSON for changes; the text keeps its indentation. */
export async function jsonContent(before: string): Promise<ConfigContent> {
  const root = (before.trim() ? parseForeignJson(before) : {}) as Record<string, unknown>
  const space = /^[{[]\r?\n( +)/.exec(before)?.[1]?.length ?? 2
  const own = (block: Record<string, unknown>, key: string) => (Object.hasOwn(block, key) ? block[key] : undefined)
  return {
    get: (path) => path.reduce<unknown>((at, key) => (isBlock(at) ? own(at, key) : undefined), root),
    set(path, value) {
      let at = root
      for (const [i, key] of path.slice(0, -1).entries()) {
        const next = own(at, key) ?? {}
        if (!isBlock(next)) throw notABlock(path.slice(0, i + 1), kindOf(next))
        setOwn(at, key, next)
        at = next
      }
      setOwn(at, path.at(-1) as string, value)
    },
    unset: (path) => removeKey(root, path),
    text: () => `${stringifyJson(root, space)}\n`,
  }
}

/** Sets a key as an own property, also the key `__proto__`. */
const setOwn = (block: object, key: string, value: unknown) =>
  Object.defineProperty(block, key, { value, enumerable: true, configurable: true, writable: true })

function removeKey(block: unknown, [key = '', ...rest]: ConfigPath): boolean {
  if (!isBlock(block) || !Object.hasOwn(block, key)) return false
  if (rest.length > 0 && !removeKey(block[key], rest)) return false
  if (rest.length === 0 || Object.keys(block[key] as object).length === 0) delete block[key]
  return true
}

/** Parses YAML for changes; the text keeps its comments, quotes and indentation. */
export async function yamlContent(before: string): Promise<ConfigContent> {
  // In the build, the exports of a CommonJS package exist on its default export only.
  const { default: yaml } = await import('yaml')
  const document = yaml.parseDocument(before, { prettyErrors: false, keepSourceTokens: false })
  const [error] = document.errors
  if (error)
    throw new Problem('config', `cannot change the YAML of the config in place: ${error.code}`, {
      hint: 'ainative-code config edit opens the file',
    })
  const children = (node: unknown) => (yaml.isMap(node) ? node : undefined)
  const root = () => {
    if (!yaml.isMap(document.contents)) document.contents = new yaml.YAMLMap(document.schema) as unknown as typeof document.contents
    return document.contents as unknown as Yaml.YAMLMap
  }
  return {
    get: (path) => toValue(path.reduce<unknown>((at, key) => children(at)?.get(key, true), document.contents)),
    set(path, value) {
      let at = root()
      for (const [i, key] of path.slice(0, -1).entries())
        at = blockIn(yaml, at, key) ?? throwNotABlock(path.slice(0, i + 1), at.get(key, true))
      at.set(path.at(-1), copyComments(at.get(path.at(-1), true), addQuotes(yaml, document.createNode(value))))
    },
    unset: (path) => removePair(yaml, document.contents, path),
    text: () => document.toString({ lineWidth: 0, indent: indentOf(before), indentSeq: !/^( *)[^\s#].*:[ \t]*\r?\n\1- /m.test(before) }),
  }

  function toValue(node: unknown): unknown {
    return yaml.isNode(node) ? node.toJS(document) : node
  }

  function throwNotABlock(path: ConfigPath, node: unknown): never {
    throw notABlock(path, yaml.isAlias(node) ? 'an alias' : kindOf(toValue(node)))
  }
}

const indentOf = (text: string) => Math.max(2, /^[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( +)[^\s#-]/m.exec(text)?.[1]?.length ?? 2)

/** Returns the block of a key, a new one if the key is missing or has no value, or undefined if its value is not a block. */
function blockIn(yaml: Library, block: Yaml.YAMLMap, key: string): Yaml.YAMLMap | undefined {
  const node = block.get(key, true)
  if (yaml.isMap(node)) return node
  if (node !== undefined && !(yaml.isScalar(node) && node.value === null)) return undefined
  const created = new yaml.YAMLMap(block.schema)
  block.set(key, copyComments(node, created))
  return created
}

/** Copies the comments and the anchor of a node to the node that replaces it. */
function copyComments<N extends Yaml.Node>(before: unknown, node: N): N {
  const { comment, commentBefore, spaceBefore, anchor } = Object(before) as Yaml.Scalar
  // A comment after the value moves above a new block; otherwise it would appear below the block.
  if ('items' in node) node.commentBefore = [commentBefore, comment].filter(Boolean).join('\n') || undefined
  else Object.assign(node, { comment, commentBefore })
  return Object.assign(node, { spaceBefore }, anchor && { anchor })
}

/** A string that every YAML parser reads as the same string without quotes. */
const PLAIN = /^(?:[A-Za-z/]|~\/|\$\{)[\x20-\x7e]*$/

/**
 * Quotes the strings of a node that YAML parsers read differently: js-yaml, which reads configs, also accepts dates and underscores in
 * numbers.
 */
function addQuotes<N extends Yaml.Node>(yaml: Library, node: N): N {
  yaml.visit(node, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && !PLAIN.test(scalar.value)) scalar.type = yaml.Scalar.QUOTE_DOUBLE
    },
  })
  return node
}

/** True for a block without keys and comments. */
const isEmptyBlock = (yaml: Library, node: unknown) => yaml.isMap(node) && node.items.length === 0 && !node.comment && !node.commentBefore

/** Removes a key. The comments above the key stay: they move to the next key, or to the end of the block. */
function removePair(yaml: Library, block: unknown, [key = '', ...rest]: ConfigPath): boolean {
  if (!yaml.isMap(block)) return false
  const at = block.items.findIndex((pair) => (yaml.isScalar(pair.key) ? pair.key.value : pair.key) === key)
  const pair = block.items[at]
  if (!pair || (rest.length > 0 && !removePair(yaml, pair.value, rest))) return false
  if (rest.length > 0 && !isEmptyBlock(yaml, pair.value)) return true
  block.items.splice(at, 1)
  const comment = yaml.isScalar(pair.key) ? pair.key.commentBefore : undefined
  if (!comment) return true
  const next = block.items[at]
  const holder = yaml.isNode(next?.key) ? next.key : undefined
  if (holder) holder.commentBefore = [comment, holder.commentBefore].filter(Boolean).join('\n')
  else block.comment = [block.comment, comment].filter(Boolean).join('\n')
  return true
}
