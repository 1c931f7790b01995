import { exitProcess } from './exit.ts'
import { openHistory } from './history.ts'
import type { Host } from './host.ts'
import type { Io } from './io.ts'
import { needsMore } from './more.ts'
import { stateFolder } from './paths.ts'
import { codeOf } from './problem.ts'
import { createCompleter } from './repl/complete.ts'
import { type Answer, createEditor, type Editor } from './repl/editor.ts'
import { type Input, openInput } from './repl/input.ts'
import { promptOf } from './repl/prompt.ts'
import { runAbortable } from './repl/run.ts'
import { createVorpal } from './repl/vorpal.ts'
import { reportOf, SIGNAL_CODES } from './report.ts'
import { joinLines } from './words.ts'

const MORE = '      ... '

/** Opens the shell: vorpal's prompt, our executor. Ends with Ctrl-D or `exit`; gives the exit code. */
export async function runShell(host: Host, io: Io, debug: boolean): Promise<number> {
  const history = openHistory(stateFolder(host.env))
  const lines = history.lines().reverse()
  const input = openInput(process.stdin, process.stdout)
  const editor = createEditor({ input, output: process.stdout, history: lines, tab: createCompleter(host) })
  const shell = await createVorpal(editor)
  let running: AbortController | undefined
  const asking: Io = {
    ...io,
    async ask(question, flag) {
      input.mark(false)
      return io.ask(question, flag).finally(() => input.mark(true))
    },
  }
  const ask = (message: string) =>
    new Promise<Answer>((resolve) => shell.ui.prompt<Answer>({ type: 'line', name: 'command', message }, (got) => resolve(got.command)))
  const run = async (line: string) => {
    if (history.add(line) && lines[0] !== line) lines.unshift(line)
    running = new AbortController()
    await runAbortable(host, line, asking, running.signal, debug)
    if (running.signal.aborted) input.drop()
    if (history.isGone()) lines.length = 0
    running = undefined
  }
  watch(
    input,
    editor,
    () => running,
    () => shell.ui.midPrompt(),
    debug,
  )
  return new Promise((leave, fail) => {
    const loop = async () => {
      input.mark(true)
      for (;;) {
        input.open()
        const line = await readLine(host, ask)
        input.close()
        if (line === undefined || /^\s*(exit|quit)\s*$/.test(line)) return 0
        if (line.trim()) await run(line)
      }
    }
    shell._prompt = () => void loop().then(leave, fail)
    shell.delimiter('ainative>').show()
  })
}

/** A line and those that it goes on in; empty after Ctrl-C, undefined at the end. */
async function readLine(host: Host, ask: (prompt: string) => Promise<Answer>): Promise<string | undefined> {
  let answer = await ask(await promptOf(host))
  let text: string | undefined
  for (;;) {
    if (answer === 'stopped') return ''
    if (answer === 'ended') return text === undefined ? undefined : ''
    const given = text !== undefined && answer.line === ''
    text = text === undefined ? answer.line : given ? text : joinLines(text, answer.line)
    if (given || !(await needsMore(host, text))) return text
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
  })
  const report = (error: unknown) => {
    // The terminal is gone.
    if (['EIO', 'EPIPE'].includes(codeOf(error) ?? '')) process.exit(SIGNAL_CODES.SIGHUP)
    const text = reportOf(error, debug)
    if (prompting()) editor.above(text)
    else process.stderr.write(text)
  }
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
  // A command may wait for what does not keep node running.
  setInterval(() => undefined, 1 << 30)
}
