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
 * Runs a mode on the terminal, with vorpal's prompt and our executor. Commands may enter further modes, which take the lines until they
 * are left. Returns the exit code once the first mode is left.
 */
export async function runShell(host: Host, { io, debug, mode }: Terminal): Promise<number> {
  const modes = [mode]
  const input = openInput(process.stdin, process.stdout)
  const editor = createEditor({ input, output: process.stdout })
  const vorpal = await createVorpal(host, editor)
  const runner = createRunner(ioFor(io, input, modes), input, debug)
  watchProcess({ input, editor, debug, abort: runner.abort, isPrompting: () => vorpal.ui.midPrompt() })
  const ask = (message: string) =>
    new Promise<Answer>((resolve) => vorpal.ui.prompt<Answer>({ type: 'line', name: 'command', message }, (got) => resolve(got.command)))
  return new Promise((leave, fail) => {
    vorpal._prompt = () => void runModes({ host, modes, input, editor, runner, ask, note: io.note }).then(() => leave(0), fail)
    vorpal.delimiter('ainative>').show()
  })
}

/** The streams of commands at the prompt: a question turns bracketed paste off, and a command may enter a mode. */
const ioFor = (io: Io, input: Input, modes: Mode[]): Io => ({
  ...io,
  async ask(question, flag, signal) {
    input.mark(false)
    return io.ask(question, flag, signal).finally(() => input.mark(true))
  },
  enter: (mode) => void modes.push(mode),
})

interface Runner {
  /** Runs work until it ends or Ctrl-C stops it; undefined if it failed or was stopped. */
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
  // Ctrl-C in a row: the second one leaves a mode that has a message for the first.
  let stops = 0
  for (let mode = modes.at(-1); mode; mode = modes.at(-1)) {
    const current = mode
    input.open()
    editor.use(current.history, createCompleter(current.complete), bindKeys(current.key, input, runner.run))
    const text = await readText(current, ask)
    input.close()
    if (text === 'stopped' && ++stops === 1 && current.leaving) loop.note(current.leaving)
    const isLeft = text === 'ended' || (stops > 1 && current.leaving !== undefined)
    if (typeof text === 'object') {
      const goesOn = await runner.run((io) => current.run(text.text, contextFor(host, io)))
      stops = runner.wasStopped() ? 1 : 0
      if (goesOn === false) modes.splice(modes.indexOf(current), 1)
    } else if (isLeft) modes.pop()
    if (text === 'cleared' || isLeft) stops = 0
  }
}

/** A text of one or more lines, or the reason why the prompt ended without one. */
async function readText(mode: Mode, ask: Loop['ask']): Promise<{ text: string } | Exclude<Answer, object>> {
  let answer = await ask(await mode.prompt())
  let text: string | undefined
  for (;;) {
    if (typeof answer !== 'object') return text === undefined ? answer : 'cleared'
    const taken = await mode.next(text, answer.line, answer.pasted)
    if (taken.whole) return taken
    text = taken.text
    answer = await ask(CONTINUATION)
  }
}
