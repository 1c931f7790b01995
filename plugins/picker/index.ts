import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Choosing sessions on the whole terminal. */
export default definePlugin({
  name: 'picker',
  requires: ['search', 'sessions', 'shell'],
  apply({ hooks }) {
    hooks.commands.tap('picker', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
