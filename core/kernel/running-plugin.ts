import type { LoadedPlugin } from '../contract/host.ts'
import { isProblem, messageOf, Problem } from './problem.ts'

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
