import fs from 'node:fs'
import path from 'node:path'
import { projectConfig } from './config.ts'
import { findPlugin } from './locate.ts'
import { masked } from './masked.ts'
import { messageOf, Problem } from './problem.ts'
import { isCode, readConfig } from './read-config.ts'
import { remember, trusted, trustOf } from './trust.ts'
import { inputsOf } from './typescript.ts'

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
  const config = configOf(folder)
  // What it is made of, before any of it is run.
  const own = isCode(config) ? await naming(config, () => inputsOf(config)) : []
  const { plugins, ...values } = await readConfig(config, env, { allowed: new Set(own) })
  const runs = new Set(own)
  for (const plugin of Array.isArray(plugins) ? plugins : []) {
    if (typeof plugin !== 'string') continue
    for (const file of await naming(`plugin ${plugin}`, () => inputsOf(findPlugin(plugin, config, env)))) runs.add(file)
  }
  const sets = [...(plugins ? ['plugins'] : []), ...leaves(masked(values) as object)]
  remember(config, [...new Set([config, ...runs])], env)
  return { file: config, runs: [...runs], sets }
}

/** Trusts the config of a folder no more; of one that is gone, by the folder's name alone. Gives the configs that it forgot. */
export function untrustProject(folder: string, env: NodeJS.ProcessEnv): string[] {
  const real = fs.existsSync(folder) ? fs.realpathSync(folder) : path.resolve(folder)
  const near = Object.keys(trusted(env)).filter((file) => path.dirname(file) === real || file === real)
  const above = near.length === 0 && fs.existsSync(real) ? projectConfig(real) : undefined
  const forgotten = above ? [fs.realpathSync(above)].filter((file) => Object.hasOwn(trusted(env), file)) : near
  for (const file of forgotten) remember(file, undefined, env)
  return forgotten
}

/** The projects' configs that were trusted. */
export const trustedProjects = (env: NodeJS.ProcessEnv): TrustedProject[] =>
  Object.keys(trusted(env)).map((file) => {
    if (!fs.existsSync(file)) return { file, trusted: false, changed: file }
    const { files, ...changed } = trustOf(file, env)
    return { file, trusted: files !== undefined, ...changed }
  })

function configOf(folder: string): string {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Problem('trust', `there is no folder ${folder}`)
  const config = projectConfig(fs.realpathSync(folder))
  if (config) return fs.realpathSync(config)
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
