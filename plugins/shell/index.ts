import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'
import type { Screen } from './screen.ts'

export type { Screen, ScreenEvent } from './screen.ts'

/** The prompt on a terminal, its history, and the modes that commands enter. */
export default definePlugin({
  name: 'shell',
  apply(host) {
    const { hooks } = host
    hooks.start.tap('shell', ({ words, terminal }) => (terminal && words.length === 0 ? ['shell'] : undefined))
    hooks.terminal.tapPromise('shell', async (terminal) => (await import('./repl.ts')).runShell(host, terminal))
    hooks.commands.tap('shell', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})

/** Takes the whole terminal until the screen is closed. Throws a Problem without a terminal. */
export const openScreen = async (signal: AbortSignal): Promise<Screen> => (await import('./screen.ts')).openScreen(signal)
