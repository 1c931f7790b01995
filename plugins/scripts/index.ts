import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Flags that, without a command, apply to the script on standard input. */
const FLAGS = ['--dry-run', '--keep-going']

/** Scripts: the lines of a file or of standard input, and TypeScript. */
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
