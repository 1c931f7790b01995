import path from 'node:path'
import type { Config } from '../contract/host.ts'
import { readRegular, withoutMark } from '../files/regular-file.ts'
import { guardExit } from '../kernel/exit.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { loadModule, type ModuleOptions } from '../modules/load-module.ts'
import { withoutKeys } from '../output/secret-names.ts'
import { isBlock } from './block.ts'
import { MAX_BYTES } from './discovery.ts'

/** True for a config of code, which has to run before its settings are known. */
export const isCode = (file: string) => /\.[mc]?[jt]s$/.test(file)

/** The text of a config file. It is read once, so that the trusted text is the text in use. */
export interface ConfigText {
  /** The real path. */
  file: string
  text: string
}

const isManifest = (file: string) => path.basename(file) === 'package.json'

/** Reads the text of a config file. Throws a Problem if the file is missing, too large or not a regular file. */
export function readConfig(file: string): ConfigText {
  try {
    return { file, text: readRegular(file, MAX_BYTES) }
  } catch (error) {
    throw configProblem(file, error)
  }
}

/** Returns the text to trust: the whole file, or the key `ainative` of a package.json, whose other keys change often. */
export function settingsOf({ file, text }: ConfigText): string {
  return isManifest(file) ? JSON.stringify(manifestOf(text).ainative ?? null) : text
}

/** Returns the settings of a config. Runs a config of code. */
export async function configOf(config: ConfigText, env: NodeJS.ProcessEnv, options?: ModuleOptions): Promise<Config> {
  const { file } = config
  try {
    const values = isCode(file) ? await run(file, env, options) : await dataOf(config)
    if (isCode(file) && isEmpty(values)) throw new Error('missing default export')
    if (values === undefined || values === null) return {}
    if (typeof values !== 'object' || Array.isArray(values)) throw new Error('expected keys and values')
    if (isTooLarge(values)) throw new Error('too many values, or a value that contains itself')
    return values as Config
  } catch (error) {
    throw configProblem(file, error)
  }
}

/** Masks API keys in the message and the stack: JavaScript quotes an API key without quotes as an unknown name. */
const configProblem = (file: string, error: unknown) =>
  new Problem('config', `cannot read the config ${file}: ${withoutKeys(messageOf(error))}`, {
    hint: 'fix or remove the file',
    cause: maskStack(error),
  })

function maskStack(error: unknown): unknown {
  if (error instanceof Error) error.stack = withoutKeys(error.stack ?? '')
  return error
}

const MAX_NODES = 20_000
const MAX_DEPTH = 64

/** YAML aliases can expand a short text without end. */
function isTooLarge(config: unknown): boolean {
  let left = MAX_NODES
  const visit = (value: unknown, depth: number): boolean => {
    if (--left < 0 || depth > MAX_DEPTH) return true
    if (Array.isArray(value)) return value.some((each) => visit(each, depth + 1))
    return isBlock(value) && Object.values(value).some((each) => visit(each, depth + 1))
  }
  return visit(config, 0)
}

/** True for a module without a default export. */
const isEmpty = (value: unknown) => value === undefined || (typeof value === 'object' && value !== null && Symbol.toStringTag in value)

function run(file: string, env: NodeJS.ProcessEnv, options: ModuleOptions | undefined): Promise<unknown> {
  guardExit()
  return loadModule(file, env, { limited: true, ...options })
}

async function dataOf({ file, text: marked }: ConfigText): Promise<unknown> {
  const text = withoutMark(marked)
  if (isManifest(file)) return manifestOf(text).ainative
  if (file.endsWith('.json')) return text.trim() ? parseJson(text) : {}
  return parseYaml(file, text)
}

/** Parses a package.json. A list or a string has no keys. */
const manifestOf = (text: string): { ainative?: unknown } => Object(parseJson(withoutMark(text)))

async function parseYaml(file: string, text: string): Promise<unknown> {
  const loaded: typeof import('cosmiconfig') & { default?: typeof import('cosmiconfig') } = await import('cosmiconfig')
  // In the build, the exports of a CommonJS package exist on its default export only.
  const { defaultLoaders } = loaded.default ?? loaded
  try {
    return defaultLoaders['.yaml'](file, text)
  } catch (error) {
    const { mark, reason } = error as { mark?: { line: number; column: number }; reason?: string }
    throw mark ? new Error(`line ${mark.line + 1}, column ${mark.column + 1}: ${yamlReason(reason ?? '')}`) : error
  }
}

/** Removes the tag, anchor or alias that the reason quotes: an unquoted API key can look like one. */
function yamlReason(reason: string): string {
  const text = reason.replace(/: .*$| ?!<.*>| ?".*"/gs, '')
  return /\b(tag|alias|anchor)\b/.test(text) ? `${text}; quote a value that starts with !, & or *` : text
}

/** V8's message for invalid JSON without a position: the token, and the text from ten characters before it. */
const UNEXPECTED = /^(Unexpected token '(.*)'), (\.\.\.)?"(.*?)"(?:\.\.\.)? is not valid JSON$/s

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = messageOf(error)
    // The message omits the text around the token, because that may be an API key.
    const [, reason = message, token = '', cut, around = ''] = UNEXPECTED.exec(message) ?? []
    const at = /position (\d+)/.exec(message)?.[1] ?? (around ? (cut ? text.indexOf(around) + 10 : text.indexOf(token)) : text.length)
    const before = text.slice(0, Number(at)).split('\n')
    throw new Error(`line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: ${reason}`)
  }
}
