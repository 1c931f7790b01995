import { contextFor, type Host, type Io, type Mode, type Terminal } from 'ainative-code'
import { runAbortable } from './abortable.ts'
import { type Answer, createEditor, type Editor } from './editor.ts'
import { type Input, openInput } from './input.ts'
import { bindKeys } from './key-bindings.ts'
import { watchProcess } from './process-events.ts'
import { createCompleter } from './tab.ts'
import { createVorpal } from './vorpal.ts'

const CONTINUATION = '      ... '

/**
 * Runs a mode on the terminal, with the prompt of vorpal. Commands may enter further modes, which read the lines until they end. Returns
 * the exit code when the first mode ends.
 */
export async function runShell(host: Host, { io, debug, mode }: Terminal): Promise<number> {
  const modes = [mode]
  const input = openInput(process.stdin, process.stdout)
  const editor = createEditor({ input, output: process.stdout })
  const vorpal = await createVorpal(host, editor)
  const runner = createRunner(ioFor(io, input, modes), input, debug)
  watchProcess({ input, editor, debug, abort: runner.abort, isPrompting: () => vorpal.ui.midPrompt() })
  const ask = (message: string) =>
    new Promise<Answer>((resolve) =>
      vorpal.ui.prompt<Answer>({ type: 'line', name: 'command', message }, ({ command }) => resolve(command)),
    )
  return new Promise((resolve, reject) => {
    vorpal._prompt = () => void runModes({ host, modes, input, editor, runner, ask, note: io.note }).then(() => resolve(0), reject)
    vorpal.delimiter('ainative>').show()
  })
}

/** The streams for commands at the prompt. A question turns bracketed paste off; `enter` adds a mode. */
const ioFor = (io: Io, input: Input, modes: Mode[]): Io => ({
  ...io,
  async ask(question, flag, signal) {
    input.mark(false)
    return io.ask(question, flag, signal).finally(() => input.mark(true))
  },
  enter: (mode) => void modes.push(mode),
})

interface Runner {
  /** Runs work until the work ends or Ctrl-C stops the work. Returns undefined if the work failed or was stopped. */
  run<T>(work: (io: Io) => Promise<T>): Promise<T | undefined>
  /** True if Ctrl-C stopped the last work. */
  wasStopped(): boolean
  /** Stops the running work. */
  abort(): void
}

function createRunner(io: Io, input: Input, debug: boolean): Runner {
  let running: AbortController | undefined
  let stopped = false
  return {
    async run(work) {
      const controller = new AbortController()
      running = controller
      const result = await runAbortable(work, io, controller.signal, debug)
      running = undefined
      stopped = controller.signal.aborted
      if (stopped) input.drop()
      return result
    },
    wasStopped: () => stopped,
    abort: () => running?.abort(),
  }
}

interface Loop {
  host: Host
  modes: Mode[]
  input: Input
  editor: Editor
  runner: Runner
  ask(prompt: string): Promise<Answer>
  note(text: string): void
}

/** Reads and runs the texts of the innermost mode until no mode is left. */
async function runModes(loop: Loop): Promise<void> {
  const { host, modes, input, editor, runner, ask } = loop
  input.mark(true)
  // The number of consecutive Ctrl-C. If the mode has a message for the first Ctrl-C, the second Ctrl-C ends the mode.
  let stops = 0
  for (let mode = modes.at(-1); mode; mode = modes.at(-1)) {
    const current = mode
    input.open()
    editor.use(current.history, createCompleter(current.complete), bindKeys(current.key, input, runner.run))
    const text = await readText(current, ask)
    input.close()
    if (text === 'stopped' && ++stops === 1 && current.leaving) loop.note(current.leaving)
    const ends = text === 'ended' || (stops > 1 && current.leaving !== undefined)
    if (typeof text === 'object') {
      const continues = await runner.run((io) => current.run(text.text, contextFor(host, io)))
      stops = runner.wasStopped() ? 1 : 0
      if (continues === false) modes.splice(modes.indexOf(current), 1)
    } else if (ends) modes.pop()
    if (text === 'cleared' || ends) stops = 0
  }
}

/** Reads a text of one or more lines. Returns the reason if the prompt ends without a text. */
async function readText(mode: Mode, ask: Loop['ask']): Promise<{ text: string } | Exclude<Answer, object>> {
  let answer = await ask(await mode.prompt())
  let text: string | undefined
  for (;;) {
    if (typeof answer !== 'object') return text === undefined ? answer : 'cleared'
    const result = await mode.next(text, answer.line, answer.pasted)
    if (result.whole) return result
    text = result.text
    answer = await ask(CONTINUATION)
  }
}
