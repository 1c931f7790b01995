import type * as z from 'zod'
import type { Plugin } from '../contract/host.ts'

/** Returns the plugin unchanged, with its type checked. */
export const definePlugin = <C extends z.ZodType>(plugin: Plugin<C>): Plugin<C> => plugin
