// Each function imports a part of core on first use, so that a start does not load it.

import type { Asker } from '../output/asker.ts'
import type { copyText as Copy } from '../output/clipboard.ts'

/** Imports the functions that trust project configs. */
export const projects = () => import('../loading/project-trust.ts')

/** Imports the functions that write a file completely or not at all. */
export const outputFiles = () => import('../files/drafts.ts')

/** Imports the functions that color JSON. */
export const jsonColors = () => import('../output/json-colors.ts')

/** Imports the functions that build and render help pages. */
export const helpTexts = () => import('./help.ts')

/** Imports the functions that change the user's config. */
export const userConfigFile = () => import('../config/user-config-file.ts')

/** Imports the functions that open the user's text editor. */
export const editor = () => import('../output/editor.ts')

/** Imports the functions that check keys and values of the config. */
export const configChecks = () => import('../config/check-config.ts')

/** Opens a reader of answers on the terminal; see output/asker.ts. */
export const openAsker = async (signal: AbortSignal): Promise<Asker> => (await import('../output/asker.ts')).openAsker(signal)

/** Imports the functions that read and parse a config file. */
export const configReader = () => import('../config/read-config.ts')

/** Copies a text to the clipboard; see output/clipboard.ts. */
export const copyText: typeof Copy = async (...args) => (await import('../output/clipboard.ts')).copyText(...args)
