import fs from 'node:fs'
import path from 'node:path'
import type { Plugin } from '../contract/host.ts'
import { expandHome } from '../files/paths.ts'
import { codeOf, messageOf, Problem } from '../kernel/problem.ts'
import { shownText } from '../output/mask-settings.ts'

const isCodeName = (name: string) => /\.[mc]?[jt]sx?$/.test(name)
const isUrl = (name: string) => /^[a-z][a-z\d+.-]+:\/\//i.test(name)

/** Returns the file of a plugin that a config names: a path relative to the config, or a package that Node finds from there. */
export function findPlugin(name: string, config: string, env: NodeJS.ProcessEnv): string {
  const resolve = (text: string) => path.resolve(path.dirname(config), expandHome(text, env))
  const file = resolve(name)
  if (fs.existsSync(file)) return file
  if (isUrl(name)) throw new Problem('plugin', `${shownText(name)} is a URL, expected a file path or a package name`)
  if (/^(\.{1,2}|~)?\//.test(name) || isCodeName(name)) throw new Problem('plugin', `cannot find file ${resolve(shownText(name))}`)
  try {
    return process.getBuiltinModule('node:module').createRequire(config).resolve(name)
  } catch (error) {
    const missing = codeOf(error) === 'MODULE_NOT_FOUND'
    throw new Problem('plugin', missing ? `cannot find package ${shownText(name)} from ${config}` : shownText(messageOf(error)), {
      hint: missing ? 'a file path starts with ./' : undefined,
      cause: error,
    })
  }
}

const UNNAMED = '(unnamed)'

/** Returns the name of a plugin before it is loaded: the file name of a path, or the name of a plugin object. */
export function pluginName(plugin: Plugin | string): string {
  if (typeof plugin === 'string') return path.basename(shownText(plugin)).replace(/\.[mc]?[jt]sx?$/, '')
  try {
    return typeof plugin?.name === 'string' ? plugin.name : UNNAMED
  } catch {
    return UNNAMED
  }
}
