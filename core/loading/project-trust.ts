import fs from 'node:fs'
import path from 'node:path'
import { findProjectConfig, realFile } from '../config/discovery.ts'
import { configOf, isCode, readConfig } from '../config/read-config.ts'
import { checkTrust, readTrust, removeTrust, storeTrust, type Trust } from '../config/trust.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { hashInputs } from '../modules/load-module.ts'
import { maskSecrets, shownText } from '../output/mask-settings.ts'
import { findPlugin } from './find-plugin.ts'

/** A project config that is now trusted. */
export interface ProjectConfig {
  file: string
  /** The files that may run: the config, its plugins, and what they import. */
  runs: string[]
  /** The settings, each as `key: value`. */
  sets: string[]
}

/** A project config with stored trust. */
export interface TrustedProject {
  file: string
  /** False if a file has changed since. */
  trusted: boolean
  /** The changed file. */
  changed?: string
}

/** Trusts the current config of a folder or of the nearest parent folder. */
export async function trustProject(folder: string, env: NodeJS.ProcessEnv): Promise<ProjectConfig> {
  const config = readConfig(nearestConfig(folder))
  const { file } = config
  // Hash the files before any of them runs.
  const own = isCode(file) ? await withName(file, () => hashInputs(file)) : new Map<string, string>()
  const { plugins, ...values } = await configOf(config, env, { allowed: own })
  const files = new Map(own)
  for (const plugin of Array.isArray(plugins) ? plugins : []) {
    if (typeof plugin !== 'string') continue
    for (const [each, hash] of await withName(`plugin ${shownText(plugin)}`, () => hashInputs(findPlugin(plugin, file, env))))
      files.set(each, hash)
  }
  const sets = [...(plugins ? ['plugins'] : []), ...settingLines(maskSecrets(values) as object)]
  storeTrust(config, files, env)
  return { file, runs: [...files.keys()], sets }
}

/** Stops trusting the config of a folder, which may be gone. Returns the paths of the configs that were trusted. */
export function untrustProject(folder: string, env: NodeJS.ProcessEnv): string[] {
  const real = realFile(path.resolve(folder))
  const stored = Object.keys(readTrust(env))
  const inFolder = stored.filter((file) => path.dirname(file) === real || file === real)
  const above = inFolder.length === 0 && fs.existsSync(real) ? findProjectConfig(real) : undefined
  const removed = above ? stored.filter((file) => file === above) : inFolder
  for (const file of removed) removeTrust(file, env)
  return removed
}

/** Returns all project configs with stored trust. */
export const trustedProjects = (env: NodeJS.ProcessEnv): TrustedProject[] =>
  Object.keys(readTrust(env)).map((file) => {
    const { files, ...changed } = currentTrust(file, env)
    return { file, trusted: files !== undefined, ...changed }
  })

/** Checks the stored trust of a config against its current files. */
function currentTrust(file: string, env: NodeJS.ProcessEnv): Trust {
  try {
    return checkTrust(readConfig(file), env)
  } catch {
    return { changed: file }
  }
}

function nearestConfig(folder: string): string {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Problem('trust', `cannot find folder ${folder}`)
  const fail = (text: string) => {
    throw new Problem('trust', text, { hint: 'fix or remove the file' })
  }
  const config = findProjectConfig(realFile(path.resolve(folder)), fail)
  if (config) return config
  throw new Problem('trust', `no project config in ${folder} or its parent folders`, { hint: 'create ainative.config.yaml or .ainativerc' })
}

/** Names the file or plugin in a failure. */
async function withName<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw new Problem('trust', `cannot trust ${name}: ${messageOf(error)}`, { cause: error })
  }
}

/** Returns all values as `key: value` with dotted keys. */
function settingLines(values: object, at: string[] = []): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? settingLines(value, [...at, key]) : []
    return inner.length > 0 ? inner : [`${[...at, key].join('.')}: ${JSON.stringify(value)?.slice(0, 80)}`]
  })
}
