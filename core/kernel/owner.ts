import type { Plugin } from './plugin.ts'
import { isProblem, messageOf, Problem } from './problem.ts'

/** What a user's plugin may not do to the run: each of these keeps its failures to itself. */
export interface Hold {
  /** Runs its part of a hook for a few seconds at most; a failure takes the plugin out of the run, with a line that says so. */
  guard<T>(hook: string, run: () => T): T | undefined
  /** The thing it adds, checked, and with the plugin named in whatever goes wrong inside. */
  wrap<T extends object>(kind: string, item: T): T
  warn(text: string): void
}

/** A plugin that was asked for, and what became of it. */
export interface LoadedPlugin {
  name: string
  version?: string
  /** Where it comes from; the shipped ones have none. */
  file?: string
  /** Itself, once it is loaded. */
  plugin?: Plugin
  /** The hooks that it tapped. */
  hooks: string[]
  /** Why it is not part of the run. */
  problem?: string
  /** Absent for the shipped ones. */
  hold?: Hold
}

let running: LoadedPlugin | undefined

/** The plugin whose apply or tap is running. */
export const runningPlugin = (): LoadedPlugin | undefined => running

/** Runs something in a plugin's name. */
export function asPlugin<T>(plugin: LoadedPlugin | undefined, run: () => T): T {
  const before = running
  running = plugin
  try {
    return run()
  } finally {
    running = before
  }
}

/** A failure of a plugin, with the plugin and the place in its message. A Problem is an expected failure and stays as it is. */
export function failureOf(plugin: Pick<LoadedPlugin, 'name' | 'file'>, place: string, error: unknown): Problem {
  if (isProblem(error)) return error
  return new Problem('plugin', `${titleOf(plugin)} failed in ${place}: ${messageOf(error)}`, { cause: error })
}

/** How messages name a plugin. */
export const titleOf = ({ name, file }: Pick<LoadedPlugin, 'name' | 'file'>) => `plugin '${name}'${file ? ` (${file})` : ''}`
