import type Vorpal from 'vorpal'
import type { Answer, Editor } from './editor.ts'

/** Vorpal, whose prompts are read by this editor: its own readline forgets what was typed between two of them, and drops tabs. */
export async function createVorpal(editor: Editor): Promise<Vorpal> {
  // Its old core-js would replace String.prototype.at and others.
  Object.assign(globalThis, { _babelPolyfill: true })
  const { default: Shell } = await import('vorpal')
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
  const shell = new Shell()
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
  process.stdin.removeAllListeners('keypress')
  const { inquirer } = shell.ui
  const nothing = () => undefined
  inquirer.ui.Prompt.prototype.rl = {
    ...{ resume: nothing, pause: nothing, close: nothing, on: nothing, removeListener: nothing },
    output: { unmute: nothing, end: nothing },
  }
  // Called with `new`, which takes the object that it returns.
  inquirer.registerPrompt('line', function line({ message }) {
    return { run: (done: (answer: Answer) => void) => void editor.read(message).then(done) }
  })
  return shell
}
