import type * as z from 'zod'
import type { Host } from './host.ts'
import type { Zod } from './whole-zod.ts'

/** A feature: a name and an apply that taps hooks, without I/O. */
export interface Plugin<C extends z.ZodType = z.ZodType> {
  name: string
  version?: string
  /** Names of plugins that must be there too. */
  requires?: readonly string[]
  /** Validates this plugin's block of the config. As a function, which is given zod, it is asked only where there is such a block. */
  config?: C | ((z: Zod) => C)
  /** Where that block stands, dotted; default: the plugin's name. Without `config` it only says that the block is known. */
  configPath?: string
  /** For shipped plugins, instead of `config`: the schema of a block that the plugin checks when it uses it, so that its keys are known. */
  blockSchema?(host: Pick<Host, 'providers'>): Promise<z.ZodType>
  apply(host: Host, config: z.output<C>): void
}

/** Returns the plugin; it only types it. */
export const definePlugin = <C extends z.ZodType>(plugin: Plugin<C>): Plugin<C> => plugin

/** What a config file holds: plugins, and a block for each that wants one. */
export interface Config {
  plugins?: (Plugin | string)[]
  [block: string]: unknown
}
