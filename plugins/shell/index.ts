import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'
import type { Screen } from './screen.ts'

export type { Screen } from './screen.ts'
export type { ScreenEvent } from './screen-events.ts'

/** Adds the commands `shell` and `history`, and runs the prompt of modes on a terminal. */
export default definePlugin({
  name: 'shell',
  apply(host) {
    const { hooks } = host
    hooks.start.tap('shell', ({ words, terminal }) => (terminal && words.length === 0 ? ['shell'] : undefined))
    hooks.terminal.tapPromise('shell', async (terminal) => (await import('./repl.ts')).runShell(host, terminal))
    hooks.commands.tap('shell', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})

/** Opens a full-screen view, until its close(). Throws a Problem if there is no terminal. */
export const openScreen = async (signal: AbortSignal): Promise<Screen> => (await import('./screen.ts')).openScreen(signal)
