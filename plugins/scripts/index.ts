import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** The flags that apply to the script on standard input if there is no command. */
const FLAGS = ['--dry-run', '--keep-going']

/** Adds scripts: lines from a file or standard input, and TypeScript modules. */
export default definePlugin({
  name: 'scripts',
  apply({ hooks }) {
    hooks.start.tap('scripts', ({ words, terminal }) => {
      const isScript = words.length === 0 ? !terminal : words.every((word) => FLAGS.includes(word))
      return isScript ? ['run', '-', ...words] : undefined
    })
    hooks.commands.tap('scripts', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
