import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

export { type Reading, type SharedRow, sessionsHooks } from './hooks.ts'
export { selectPinnedFirst } from './pinned.ts'

/** Imports the functions that check messages from other sources. */
export const foreignMessages = () => import('./import/parse.ts')

/** Adds the commands on sessions, such as `session list`. */
export default definePlugin({
  name: 'sessions',
  requires: ['formats'],
  apply({ hooks }) {
    hooks.commands.tap('sessions', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
