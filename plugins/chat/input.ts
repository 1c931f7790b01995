import fs from 'node:fs'
import { type Context, Problem, readText, usage } from 'ainative-code'

/** The words of a message, and what is piped into it below them. */
export async function messageOf(words: readonly string[], { stdin }: Pick<Context, 'stdin'>): Promise<string> {
  const message = words.join(' ')
  const input = pipeIn(stdin)
  if (!input) return message
  const piped = (await readText(input)).replace(/\r?\n$/, '')
  return [message, piped].filter((each) => each.trim()).join('\n\n')
}

/** Standard input where something may be piped into it: a terminal is not read, and neither is /dev/null, nor what is closed. */
function pipeIn(stdin: Context['stdin']) {
  try {
    return fs.fstatSync(0).isCharacterDevice() ? undefined : stdin()
  } catch (error) {
    if (error instanceof Problem) throw error
    return undefined
  }
}

/** Whether somebody can type there. */
export const isTerminal = () => process.getBuiltinModule('node:tty').isatty(0)

export const noMessage = () =>
  usage('chat needs a message, and there is no terminal to type one', 'ainative-code chat "your question", or pipe it in')
