import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

export { type Reading, type SharedRow, sessionsHooks } from './hooks.ts'
export { selectPinnedFirst } from './pinned.ts'
export { plural } from './targets.ts'

/** The checks of messages that come from elsewhere, imported at their first use. */
export const foreignMessages = () => import('./import/parse.ts')

/** Adds the commands on sessions, such as `session list`. */
export default definePlugin({
  name: 'sessions',
  requires: ['formats'],
  apply({ hooks }) {
    hooks.commands.tap('sessions', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
