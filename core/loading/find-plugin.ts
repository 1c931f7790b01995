import fs from 'node:fs'
import path from 'node:path'
import type { Plugin } from '../contract/host.ts'
import { expandHome } from '../files/paths.ts'
import { codeOf, messageOf, Problem } from '../kernel/problem.ts'
import { shownText } from '../output/mask-settings.ts'

const isCodeName = (name: string) => /\.[mc]?[jt]sx?$/.test(name)
const isUrl = (name: string) => /^[a-z][a-z\d+.-]+:\/\//i.test(name)

/** The file of a plugin that a config names: a path relative to that config, or a package found from there. */
export function findPlugin(name: string, config: string, env: NodeJS.ProcessEnv): string {
  const place = (text: string) => path.resolve(path.dirname(config), expandHome(text, env))
  const file = place(name)
  if (fs.existsSync(file)) return file
  if (isUrl(name)) throw new Problem('plugin', `${shownText(name)} is a URL, expected the path of a file or the name of a package`)
  if (/^(\.{1,2}|~)?\//.test(name) || isCodeName(name)) throw new Problem('plugin', `there is no file ${place(shownText(name))}`)
  try {
    return process.getBuiltinModule('node:module').createRequire(config).resolve(name)
  } catch (error) {
    const missing = codeOf(error) === 'MODULE_NOT_FOUND'
    throw new Problem('plugin', missing ? `there is no package ${shownText(name)} beside ${config}` : shownText(messageOf(error)), {
      hint: missing ? 'a path begins with ./' : undefined,
      cause: error,
    })
  }
}

const NAMELESS = 'without a name'

/** What a plugin is called before it is loaded. */
export function nameOf(plugin: Plugin | string): string {
  if (typeof plugin === 'string') return path.basename(shownText(plugin)).replace(/\.[mc]?[jt]sx?$/, '')
  try {
    return typeof plugin?.name === 'string' ? plugin.name : NAMELESS
  } catch {
    return NAMELESS
  }
}
