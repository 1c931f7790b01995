import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** What is loaded, and a first plugin to start from. */
export default definePlugin({
  name: 'plugins',
  apply({ hooks }) {
    hooks.commands.tap('plugins', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
