import type * as z from 'zod'
import type { Plugin } from '../contract/host.ts'

/** Returns the plugin; it only types it. */
export const definePlugin = <C extends z.ZodType>(plugin: Plugin<C>): Plugin<C> => plugin
