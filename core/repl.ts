import type Vorpal from 'vorpal'
import { exitProcess } from './exit.ts'
import { openHistory } from './history.ts'
import type { Host } from './host.ts'
import type { Io } from './io.ts'
import { runLine } from './line.ts'
import { stateFolder } from './paths.ts'
import { codeOf, usage } from './problem.ts'
import { reportOf, SIGNAL_CODES } from './report.ts'

/** Opens the shell: vorpal's prompt, our executor. Ends with Ctrl-D or `exit`; gives the exit code. */
export async function runShell(host: Host, io: Io, debug: boolean): Promise<number> {
  const shell = await createVorpal()
  const history = openHistory(stateFolder(host.env))
  shell.cmdHistory._hist.push(...history.lines)
  return new Promise((leave) => {
    let running: AbortController | undefined
    shell.sigint(() => {
      if (running) running.abort()
      else clearLine(shell)
    })
    // While a line runs the terminal sends the signal itself.
    process.on('SIGINT', () => running?.abort())
    leaveOnEnd(shell, () => leave(0))
    shell._prompt = () => {
      if (shell.ui.midPrompt()) return
      shell.ui.prompt({ type: 'input', name: 'command', message: 'ainative> ' }, async ({ command: line }) => {
        if (/^\s*(exit|quit)\s*$/.test(line)) return leave(0)
        if (line.trim()) {
          shell.cmdHistory.newCommand(line)
          history.add(line)
          running = new AbortController()
          await runAbortable(host, line, io, running.signal, debug)
          running = undefined
        }
        shell._prompt()
      })
      replayTyped(shell)
    }
    keepTyped(shell)
    shell.delimiter('ainative>').show()
  })
}

async function createVorpal(): Promise<Vorpal> {
  // Its old core-js would replace String.prototype.at and others.
  Object.assign(globalThis, { _babelPolyfill: true })
  const { default: Shell } = await import('vorpal')
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
  const shell = new Shell()
  process.removeAllListeners('SIGTERM')
  process.on('SIGTERM', () => exitProcess(SIGNAL_CODES.SIGTERM))
  return shell
}

/** Runs a line; Ctrl-C gives the prompt back at once, and nothing more of that line is written. */
async function runAbortable(host: Host, line: string, io: Io, signal: AbortSignal, debug: boolean): Promise<void> {
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const inner: Io = {
    ...io,
    signal,
    page: undefined,
    stdin() {
      throw usage('at the prompt there is no standard input', 'name a file, or run the command by itself')
    },
    ask: async (question, flag) => {
      asking = true
      try {
        return await io.ask(question, flag)
      } finally {
        asking = false
      }
    },
    async write(chunk) {
      signal.throwIfAborted()
      await io.write(chunk)
    },
  }
  try {
    await Promise.race([runLine(host, line, inner), aborted])
  } catch (error) {
    if (signal.aborted) process.stderr.write('^C\n')
    else if (codeOf(error) !== 'EPIPE') process.stderr.write(reportOf(error, debug))
  }
}

function clearLine({ ui }: Vorpal): void {
  ui.imprint()
  ui.submit('')
}

function leaveOnEnd({ ui }: Vorpal, leave: () => void): void {
  process.stdin.on('keypress', (_, key?: { ctrl?: boolean; name?: string }) => {
    if (!key?.ctrl || key.name !== 'd' || !ui.midPrompt() || ui.input()) return
    process.stdout.write('\n')
    leave()
  })
}

let typed = ''
/** A question is open, and what is typed is its answer. */
let asking = false

/** Keys that come while no prompt is open, as in a paste of many lines, are kept for the next one. */
function keepTyped({ ui }: Vorpal): void {
  process.stdin.on('keypress', (text: string | undefined, key?: { ctrl?: boolean; name?: string }) => {
    if (ui.midPrompt() || asking || key?.ctrl) return
    typed += key?.name === 'return' || key?.name === 'enter' ? '\n' : (text ?? '')
  })
}

function replayTyped({ ui }: Vorpal): void {
  if (!typed) return
  setTimeout(() => {
    const end = typed.indexOf('\n') + 1 || typed.length
    const part = typed.slice(0, end)
    typed = typed.slice(end)
    ui._activePrompt?.rl.write(part)
  }, 5)
}
