import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds `session pick`, a full-screen picker of sessions. */
export default definePlugin({
  name: 'picker',
  requires: ['search', 'sessions', 'shell'],
  apply({ hooks }) {
    hooks.commands.tap('picker', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
