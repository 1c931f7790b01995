import type { Asker } from '../output/asker.ts'
import type { copyText as Copy } from '../output/clipboard.ts'

/** Trusting projects' configs; most of the program never needs it. */
export const projects = () => import('../loading/project-trust.ts')

/** Writing files as a whole or not at all. */
export const outputFiles = () => import('../files/drafts.ts')

/** Colouring JSON for a terminal. */
export const jsonColors = () => import('../output/json-colors.ts')

/** Help as text. */
export const helpTexts = () => import('./help.ts')

/** Changing the user's own config. */
export const userConfigFile = () => import('../config/user-config-file.ts')

/** Lets the user change a text in their editor. */
export const editor = () => import('../output/editor.ts')

/** Checking what the config holds against what its readers take. */
export const configChecks = () => import('../config/check-config.ts')

/** Asks questions on the terminal; see core/asker.ts. */
export const openAsker = async (signal: AbortSignal): Promise<Asker> => (await import('../output/asker.ts')).openAsker(signal)

/** Reading the text of a config. */
export const configReader = () => import('../config/read-config.ts')
/** Puts a text on the clipboard; see core/clipboard.ts. */
export const copyText: typeof Copy = async (text, place) => (await import('../output/clipboard.ts')).copyText(text, place)
