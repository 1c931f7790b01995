import fs from 'node:fs'
import { isatty } from 'node:tty'
import { contextFor } from '../command/line.ts'
import type { Mode } from '../command/mode.ts'
import { reportOf, SIGNAL_CODES } from '../command/report.ts'
import { stateFolder } from '../files/paths.ts'
import { exitProcess } from '../kernel/exit.ts'
import type { Host } from '../kernel/host.ts'
import { codeOf } from '../kernel/problem.ts'
import type { Io } from '../output/io.ts'
import { bindKeys } from './bound.ts'
import { createCompleter } from './complete.ts'
import { type Answer, createEditor, type Editor } from './editor.ts'
import { openHistory } from './history.ts'
import { type Input, openInput } from './input.ts'
import { shellMode } from './mode.ts'
import { greetingOf } from './prompt.ts'
import { runAbortable } from './run.ts'
import { createVorpal } from './vorpal.ts'

const MORE = '      ... '

/** A mode that runs its texts by itself. */
type Layer = Omit<Mode, 'run'> & { run(text: string, io: Io): Promise<boolean | undefined> }

/**
 * Opens the shell: vorpal's prompt, our executor. A command may enter a mode, which takes the lines until it is left; started with one,
 * there is no shell below it. Gives the exit code.
 */
export async function runShell(host: Host, io: Io, debug: boolean, first?: Mode): Promise<number> {
  const layerOf = (mode: Mode): Layer => ({ ...mode, run: (text, inner) => mode.run(text, contextFor(host, inner)) })
  const layers = [first ? layerOf(first) : shellMode(host, openHistory(stateFolder(host.env)))]
  const input = openInput(process.stdin, process.stdout)
  const editor = createEditor({ input, output: process.stdout })
  const shell = await createVorpal(editor)
  let running: AbortController | undefined
  let stopped = false
  const asking: Io = {
    ...io,
    async ask(question, flag, signal) {
      input.mark(false)
      return io.ask(question, flag, signal).finally(() => input.mark(true))
    },
    enter: (mode) => void layers.push(layerOf(mode)),
  }
  const ask = (message: string) =>
    new Promise<Answer>((resolve) => shell.ui.prompt<Answer>({ type: 'line', name: 'command', message }, (got) => resolve(got.command)))
  const abortable = async <T>(work: (inner: Io) => Promise<T>): Promise<T | undefined> => {
    const controller = new AbortController()
    running = controller
    const result = await runAbortable(work, asking, controller.signal, debug)
    running = undefined
    stopped = controller.signal.aborted
    if (stopped) input.drop()
    return result
  }
  /** Runs a text; tells whether the layer goes on, and whether Ctrl-C ended the work. */
  const run = async (layer: Layer, text: string) => {
    const on = await abortable((inner) => layer.run(text, inner))
    return { on: on !== false, stopped }
  }
  watch(
    input,
    editor,
    () => running,
    () => shell.ui.midPrompt(),
    debug,
  )
  const loop = async () => {
    if (!first) io.note(await greetingOf(host), 'dim')
    input.mark(true)
    let stops = 0
    for (let layer = layers.at(-1); layer; layer = layers.at(-1)) {
      input.open()
      editor.use(layer.history, createCompleter(layer.complete), bindKeys(layer.key, input, abortable))
      const text = await readText(layer, ask)
      input.close()
      if (text === 'stopped' && ++stops === 1 && layer.leaving) io.note(layer.leaving)
      const left = text === 'ended' || (stops > 1 && layer.leaving !== undefined)
      if (typeof text === 'object') {
        const { on, stopped } = await run(layer, text.text)
        stops = stopped ? 1 : 0
        if (!on) layers.splice(layers.indexOf(layer), 1)
      } else if (left) layers.pop()
      if (text === 'cleared' || left) stops = 0
    }
    return 0
  }
  return new Promise((leave, fail) => {
    shell._prompt = () => void loop().then(leave, fail)
    shell.delimiter('ainative>').show()
  })
}

/** A text of one line or more, or how the prompt was left without one. */
async function readText(layer: Layer, ask: (prompt: string) => Promise<Answer>): Promise<{ text: string } | Exclude<Answer, object>> {
  let answer = await ask(await layer.prompt())
  let text: string | undefined
  for (;;) {
    if (typeof answer !== 'object') return text === undefined ? answer : 'cleared'
    const taken = await layer.next(text, answer.line, answer.pasted)
    if (taken.whole) return taken
    text = taken.text
    answer = await ask(MORE)
  }
}

/** Signals, and what is thrown when nobody waits for it. */
function watch(input: Input, editor: Editor, running: () => AbortController | undefined, prompting: () => boolean, debug: boolean): void {
  // While a line runs the terminal sends the signal itself.
  process.on('SIGINT', () => running()?.abort())
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => exitProcess(SIGNAL_CODES[signal]))
  process.on('exit', () => {
    input.mark(false)
    input.close()
    if (!isatty(0)) leaveTerminal()
  })
  const report = (error: unknown) => {
    // The terminal is gone.
    if (['EIO', 'EPIPE'].includes(codeOf(error) ?? '')) exitProcess(SIGNAL_CODES.SIGHUP)
    const text = reportOf(error, debug)
    if (prompting()) editor.above(text)
    else process.stderr.write(text)
  }
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
  // A command may wait for what does not keep node running.
  setInterval(() => undefined, 1 << 30)
}

/** Closes a terminal that is gone: Node aborts at its end where it cannot restore the settings of one. */
function leaveTerminal(): void {
  process.exitCode = SIGNAL_CODES.SIGHUP
  for (const fd of [0, 1, 2]) {
    try {
      fs.closeSync(fd)
    } catch {
      // It is closed already.
    }
  }
}
