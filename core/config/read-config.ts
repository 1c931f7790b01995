import path from 'node:path'
import type { Config } from '../contract/host.ts'
import { readRegular, withoutMark } from '../files/regular-file.ts'
import { guardExit } from '../kernel/exit.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { loadModule, type ModuleOptions } from '../modules/load-module.ts'
import { withoutKeys } from '../output/secret-names.ts'
import { isBlock } from './block.ts'
import { MAX_BYTES } from './discovery.ts'

/** Whether a config file is a program, which is run to know what it says. */
export const isCode = (file: string) => /\.[mc]?[jt]s$/.test(file)

/** A config file's real path and its text, which is read once: the text that is trusted is the text that is used. */
export interface ConfigText {
  file: string
  text: string
}

const isManifest = (file: string) => path.basename(file) === 'package.json'

/** Reads the text of a config file. */
export function readConfig(file: string): ConfigText {
  try {
    return { file, text: readRegular(file, MAX_BYTES) }
  } catch (error) {
    throw configProblem(file, error)
  }
}

/** The part of a config's text that its settings come from; of a package.json the key `ainative`, since the rest changes often. */
export function settingsOf({ file, text }: ConfigText): string {
  return isManifest(file) ? JSON.stringify(manifestOf(text).ainative ?? null) : text
}

/** The settings of a config. A config of code is run. */
export async function configOf(config: ConfigText, env: NodeJS.ProcessEnv, options?: ModuleOptions): Promise<Config> {
  const { file } = config
  try {
    const values = isCode(file) ? await run(file, env, options) : await dataOf(config)
    if (isCode(file) && isEmpty(values)) throw new Error('it exports nothing by default')
    if (values === undefined || values === null) return {}
    if (typeof values !== 'object' || Array.isArray(values)) throw new Error('it must hold keys and values')
    if (isTooLarge(values)) throw new Error('it holds too much, or itself')
    return values as Config
  } catch (error) {
    throw configProblem(file, error)
  }
}

/** A key without quotes is a name to a program, whose error quotes it: keys are hidden in the message and in the stack. */
const configProblem = (file: string, error: unknown) =>
  new Problem('config', `cannot read the config ${file}: ${withoutKeys(messageOf(error))}`, {
    hint: 'fix or remove the file',
    cause: withoutKeysIn(error),
  })

function withoutKeysIn(error: unknown): unknown {
  if (error instanceof Error) error.stack = withoutKeys(error.stack ?? '')
  return error
}

const MAX_NODES = 20_000
const MAX_DEPTH = 64

/** Aliases may make a short text endless. */
function isTooLarge(config: unknown): boolean {
  let left = MAX_NODES
  const visit = (value: unknown, depth: number): boolean => {
    if (--left < 0 || depth > MAX_DEPTH) return true
    if (Array.isArray(value)) return value.some((each) => visit(each, depth + 1))
    return isBlock(value) && Object.values(value).some((each) => visit(each, depth + 1))
  }
  return visit(config, 0)
}

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

/** The content of a package.json; a list or a text has no keys. */
const manifestOf = (text: string): { ainative?: unknown } => Object(parseJson(withoutMark(text)))

async function parseYaml(file: string, text: string): Promise<unknown> {
  const loaded: typeof import('cosmiconfig') & { default?: typeof import('cosmiconfig') } = await import('cosmiconfig')
  // Bundled, a CommonJS package has its exports in the default one.
  const { defaultLoaders } = loaded.default ?? loaded
  try {
    return defaultLoaders['.yaml'](file, text)
  } catch (error) {
    const { mark, reason } = error as { mark?: { line: number; column: number }; reason?: string }
    throw mark ? new Error(`line ${mark.line + 1}, column ${mark.column + 1}: ${yamlReason(reason ?? '')}`) : error
  }
}

/** The reason without the tag, the anchor or the alias that it quotes: that may be a key without quotes around it. */
function yamlReason(reason: string): string {
  const text = reason.replace(/: .*$| ?!<.*>| ?".*"/gs, '')
  return /\b(tag|alias|anchor)\b/.test(text) ? `${text}; a value that begins with !, & or * needs quotes` : text
}

/** What V8 says of invalid JSON where it names no position: the token, and the text around it from ten characters before. */
const UNEXPECTED = /^(Unexpected token '(.*)'), (\.\.\.)?"(.*?)"(?:\.\.\.)? is not valid JSON$/s

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = messageOf(error)
    // The text around the token may be a key, so it is not shown.
    const [, reason = message, token = '', cut, around = ''] = UNEXPECTED.exec(message) ?? []
    const at = /position (\d+)/.exec(message)?.[1] ?? (around ? (cut ? text.indexOf(around) + 10 : text.indexOf(token)) : text.length)
    const before = text.slice(0, Number(at)).split('\n')
    throw new Error(`line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: ${reason}`)
  }
}
