import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

export { selectPinnedFirst } from './pinned.ts'

/** The commands over sessions. */
export default definePlugin({
  name: 'sessions',
  requires: ['formats'],
  apply({ hooks }) {
    hooks.commands.tap('sessions', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
