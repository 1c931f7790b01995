import fs from 'node:fs'
import path from 'node:path'
import { configFolder } from './paths.ts'

/** A config file that is in force, and how far it is trusted: a project's may hold no more than defaults, which need no trust. */
export interface ConfigFile {
  file: string
  layer: 'user' | 'project'
  trust: 'own' | 'trusted' | 'untrusted' | 'not needed'
}

const USER = ['yaml', 'yml', 'json', 'ts', 'mts', 'js', 'mjs', 'cjs'].map((end) => `config.${end}`)
const ENDS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml']
const PROJECT = [...ENDS.map((end) => `ainative.config.${end}`), '.ainativerc', ...ENDS.map((end) => `.ainativerc.${end}`)]
const MANIFEST = 'package.json'

/** The user's own config files, of which the first counts. */
export function userConfigs(env: NodeJS.ProcessEnv): string[] {
  const folder = configFolder(env)
  const names = namesIn(folder)
  return USER.filter((each) => names.includes(each)).map((name) => path.join(folder, name))
}

/** The nearest config file of a project, from a folder upward. */
export function projectConfig(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = configIn(at)
    if (found || at === path.dirname(at)) return found
  }
}

function configIn(folder: string): string | undefined {
  const names = namesIn(folder)
  const manifest = names.includes(MANIFEST) ? path.join(folder, MANIFEST) : undefined
  const found = PROJECT.filter((name) => names.includes(name)).find((name) => !(name.startsWith('ainative.config.') && isOurs(manifest)))
  if (found) return path.join(folder, found)
  return manifest && manifestOf(manifest)?.ainative !== undefined ? manifest : undefined
}

/** Whether this is the program's own package: its ainative.config.ts names the shipped plugins. */
const isOurs = (manifest: string | undefined) => manifest !== undefined && manifestOf(manifest)?.name === 'ainative-code'

function manifestOf(file: string): { name?: unknown; ainative?: unknown } | undefined {
  try {
    const text = fs.statSync(file).isFile() ? fs.readFileSync(file, 'utf8') : ''
    return text.includes('ainative') ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}
