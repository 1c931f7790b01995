import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds `doctor`, which checks and fixes the database and the search index. */
export default definePlugin({
  name: 'doctor',
  requires: ['sqlite', 'search'],
  apply({ hooks }) {
    hooks.commands.tap('doctor', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
