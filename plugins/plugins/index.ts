import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds `plugin list` and `plugin new`. */
export default definePlugin({
  name: 'plugins',
  apply({ hooks }) {
    hooks.commands.tap('plugins', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
