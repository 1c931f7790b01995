import type { Host } from 'ainative-code'
import type Vorpal from 'vorpal'
import type { Answer, Editor } from './editor.ts'

const instances = new WeakMap<Host, Vorpal>()

/** The vorpal instance of the open shell, or undefined if no shell is open. */
export const vorpalOf = (host: Host): Vorpal | undefined => instances.get(host)

/**
 * Creates vorpal with prompts that the editor reads: the readline of vorpal loses text typed between two prompts, and drops tabs. Then calls
 * the hook `shell`, in which plugins add vorpal extensions.
 */
export async function createVorpal(host: Host, editor: Editor): Promise<Vorpal> {
  // Without this property, the core-js of vorpal replaces String.prototype.at and others.
  Object.assign(globalThis, { _babelPolyfill: true })
  const { default: Shell } = await import('vorpal')
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
  const shell = new Shell()
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
  process.stdin.removeAllListeners('keypress')
  // It would end the process for a line such as `exit now`.
  shell.find('exit')?.remove()
  const { inquirer } = shell.ui
  const noop = () => undefined
  inquirer.ui.Prompt.prototype.rl = {
    ...{ resume: noop, pause: noop, close: noop, on: noop, removeListener: noop },
    output: { unmute: noop, end: noop },
  }
  // Inquirer calls this function with `new`, which accepts the returned object.
  inquirer.registerPrompt('line', function line({ message }) {
    return { run: (done: (answer: Answer) => void) => void editor.read(message).then(done) }
  })
  instances.set(host, shell)
  await host.hooks.shell.promise(shell)
  return shell
}
