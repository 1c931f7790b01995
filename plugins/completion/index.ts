import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds `completion`, for completion in bash, zsh and fish. */
export default definePlugin({
  name: 'completion',
  apply({ hooks }) {
    hooks.commands.tap('completion', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
