import fs from 'node:fs'
import path from 'node:path'
import { projectConfig, realFile } from '../config/discovery.ts'
import { configOf, isCode, readConfig } from '../config/read-config.ts'
import { forget, remember, type Trust, trusted, trustOf } from '../config/trust.ts'
import { messageOf, Problem } from '../kernel/problem.ts'
import { inputsOf } from '../modules/load-module.ts'
import { masked, shownText } from '../output/mask-settings.ts'
import { findPlugin } from './find-plugin.ts'

/** What trusting a project's config means. */
export interface ProjectConfig {
  file: string
  /** The files that are run: its own, its plugins', and those that they import. */
  runs: string[]
  /** What it sets. */
  sets: string[]
}

/** A project's config that was trusted, and whether it still is. */
export interface TrustedProject {
  file: string
  trusted: boolean
  /** The file that is not what it was. */
  changed?: string
}

/** Trusts the config of a folder, or of one above it, as it is now. */
export async function trustProject(folder: string, env: NodeJS.ProcessEnv): Promise<ProjectConfig> {
  const config = readConfig(nearestConfig(folder))
  const { file } = config
  // The files and their hashes, before any of them is run.
  const own = isCode(file) ? await naming(file, () => inputsOf(file)) : new Map<string, string>()
  const { plugins, ...values } = await configOf(config, env, { allowed: own })
  const files = new Map(own)
  for (const plugin of Array.isArray(plugins) ? plugins : []) {
    if (typeof plugin !== 'string') continue
    for (const [each, hash] of await naming(`plugin ${shownText(plugin)}`, () => inputsOf(findPlugin(plugin, file, env))))
      files.set(each, hash)
  }
  const sets = [...(plugins ? ['plugins'] : []), ...leaves(masked(values) as object)]
  remember(config, files, env)
  return { file, runs: [...files.keys()], sets }
}

/** Stops trusting the config of a folder; the folder may be gone. Gives the configs that were trusted. */
export function untrustProject(folder: string, env: NodeJS.ProcessEnv): string[] {
  const real = realFile(path.resolve(folder))
  const known = Object.keys(trusted(env))
  const near = known.filter((file) => path.dirname(file) === real || file === real)
  const above = near.length === 0 && fs.existsSync(real) ? projectConfig(real) : undefined
  const forgotten = above ? known.filter((file) => file === above) : near
  for (const file of forgotten) forget(file, env)
  return forgotten
}

/** The projects' configs that were trusted. */
export const trustedProjects = (env: NodeJS.ProcessEnv): TrustedProject[] =>
  Object.keys(trusted(env)).map((file) => {
    const { files, ...changed } = trustNow(file, env)
    return { file, trusted: files !== undefined, ...changed }
  })

/** Whether a config is still what was trusted. */
function trustNow(file: string, env: NodeJS.ProcessEnv): Trust {
  try {
    return trustOf(readConfig(file), env)
  } catch {
    return { changed: file }
  }
}

function nearestConfig(folder: string): string {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Problem('trust', `there is no folder ${folder}`)
  const refuse = (text: string) => {
    throw new Problem('trust', text, { hint: 'fix or remove the file' })
  }
  const config = projectConfig(realFile(path.resolve(folder)), refuse)
  if (config) return config
  throw new Problem('trust', `there is no project config in ${folder} or above it`, { hint: 'such as ainative.config.yaml or .ainativerc' })
}

async function naming<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw new Problem('trust', `${name} cannot be trusted as it is: ${messageOf(error)}`, { cause: error })
  }
}

/** All values by their dotted keys. */
function leaves(values: object, at: string[] = []): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? leaves(value, [...at, key]) : []
    return inner.length > 0 ? inner : [`${[...at, key].join('.')}: ${JSON.stringify(value)?.slice(0, 80)}`]
  })
}
