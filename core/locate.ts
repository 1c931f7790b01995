import fs from 'node:fs'
import path from 'node:path'
import { expandHome } from './paths.ts'
import type { Plugin } from './plugin.ts'
import { codeOf, messageOf, Problem } from './problem.ts'

const isCodeName = (name: string) => /\.[mc]?[jt]sx?$/.test(name)

/** The file of a plugin that a config names: a path relative to that config, or a package found from there. */
export function findPlugin(name: string, config: string, env: NodeJS.ProcessEnv): string {
  const file = path.resolve(path.dirname(config), expandHome(name, env))
  if (/^(\.{1,2}|~)?\//.test(name) || fs.existsSync(file) || isCodeName(name)) return fileOf(file)
  try {
    return process.getBuiltinModule('node:module').createRequire(config).resolve(name)
  } catch (error) {
    const missing = codeOf(error) === 'MODULE_NOT_FOUND'
    throw new Problem('plugin', missing ? `there is no package ${name} beside ${config}` : messageOf(error), {
      hint: missing ? 'a path begins with ./' : undefined,
      cause: error,
    })
  }
}

function fileOf(file: string): string {
  if (fs.existsSync(file)) return file
  throw new Problem('plugin', `there is no file ${file}`)
}

const NAMELESS = 'without a name'

/** What a plugin is called before it is loaded. */
export function nameOf(plugin: Plugin | string): string {
  if (typeof plugin === 'string') return path.basename(plugin).replace(/\.[mc]?[jt]sx?$/, '')
  try {
    return typeof plugin?.name === 'string' ? plugin.name : NAMELESS
  } catch {
    return NAMELESS
  }
}
