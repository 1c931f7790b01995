import { definePlugin } from 'ainative-code'
import type { Screen } from './screen.ts'

export type { Screen, ScreenEvent } from './screen.ts'

/** The prompt on a terminal, its history, and the modes that commands enter. */
export default definePlugin({
  name: 'shell',
  apply(host) {
    const { hooks } = host
    hooks.start.tap('shell', ({ words, terminal }) => (terminal && words.length === 0 ? ['shell'] : undefined))
    hooks.terminal.tapPromise('shell', async (terminal) => (await import('./repl.ts')).runShell(host, terminal))
    hooks.commands.tap('shell', ({ add }) => {
      add({
        name: 'shell',
        tolerant: true,
        summary: 'Open the shell',
        group: 'Shell',
        load: async () => (await import('./shell.ts')).shell,
      })
      add({
        name: 'history',
        tolerant: true,
        summary: 'Show or search the lines typed in the shell',
        group: 'Shell',
        load: async () => (await import('./history.ts')).history,
      })
    })
  },
})

/** Takes the whole terminal until the screen is closed. Throws a Problem without a terminal. */
export const openScreen = async (signal: AbortSignal): Promise<Screen> => (await import('./screen.ts')).openScreen(signal)
