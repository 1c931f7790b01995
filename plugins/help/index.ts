import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds `help`. */
export default definePlugin({
  name: 'help',
  apply({ hooks }) {
    hooks.commands.tap('help', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
