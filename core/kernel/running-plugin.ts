import type { LoadedPlugin } from '../contract/host.ts'
import { isProblem, messageOf, Problem } from './problem.ts'

let running: LoadedPlugin | undefined

/** The plugin whose `apply` or tap is running; undefined outside of plugins. */
export const runningPlugin = (): LoadedPlugin | undefined => running

/** Runs a synchronous function with this plugin as the running plugin. */
export function asPlugin<T>(plugin: LoadedPlugin | undefined, run: () => T): T {
  const before = running
  running = plugin
  try {
    return run()
  } finally {
    running = before
  }
}

/** Converts an error of a plugin to a Problem that names the plugin and the place. A Problem is returned unchanged. */
export function failureOf(plugin: Pick<LoadedPlugin, 'name' | 'file'>, place: string, error: unknown): Problem {
  if (isProblem(error)) return error
  return new Problem('plugin', `${titleOf(plugin)} failed in ${place}: ${messageOf(error)}`, { cause: error })
}

/** The name of a plugin for messages, with its file. */
export const titleOf = ({ name, file }: Pick<LoadedPlugin, 'name' | 'file'>) => `plugin '${name}'${file ? ` (${file})` : ''}`
