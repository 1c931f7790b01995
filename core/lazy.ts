import type { Asker } from './asker.ts'
import type { copyText as Copy } from './clipboard.ts'
import type { Screen } from './repl/screen.ts'

/** Trusting projects' configs; most of the program never needs it. */
export const projects = () => import('./project.ts')

/** Writing files as a whole or not at all. */
export const outputFiles = () => import('./drafts.ts')

/** Takes the whole terminal until the screen is closed. */
export const openScreen = async (signal: AbortSignal): Promise<Screen> => (await import('./repl/screen.ts')).openScreen(signal)

/** Colouring JSON for a terminal. */
export const jsonColors = () => import('./json-colors.ts')

/** Help as text. */
export const helpTexts = () => import('./help.ts')

/** Changing the user's own config. */
export const userConfigFile = () => import('./user-config-file.ts')

/** Lets the user change a text in their editor. */
export const editor = () => import('./editor.ts')

/** Checking what the config holds against what its readers take. */
export const configChecks = () => import('./check-config.ts')

/** Asks questions on the terminal; see core/asker.ts. */
export const openAsker = async (signal: AbortSignal): Promise<Asker> => (await import('./asker.ts')).openAsker(signal)

/** Reading the text of a config. */
export const configReader = () => import('./read-config.ts')
/** Puts a text on the clipboard; see core/clipboard.ts. */
export const copyText: typeof Copy = async (text, place) => (await import('./clipboard.ts')).copyText(text, place)
