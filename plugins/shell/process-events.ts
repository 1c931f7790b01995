import fs from 'node:fs'
import { isatty } from 'node:tty'
import { codeOf, exitProcess, reportOf, SIGNAL_CODES } from 'ainative-code'
import type { Editor } from './editor.ts'
import type { Input } from './input.ts'

interface Targets {
  input: Input
  editor: Editor
  debug: boolean
  /** Stops the running work. */
  abort(): void
  isPrompting(): boolean
}

/** Handles signals and unhandled errors while the shell is open. The shell reports an unhandled error and continues. */
export function watchProcess({ input, editor, debug, abort, isPrompting }: Targets): void {
  // While a command runs, the terminal sends SIGINT on Ctrl-C.
  process.on('SIGINT', abort)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => exitProcess(SIGNAL_CODES[signal]))
  process.on('exit', () => {
    input.mark(false)
    input.close()
    if (!isatty(0)) closeTerminal()
  })
  const report = (error: unknown) => {
    // The terminal is closed.
    if (['EIO', 'EPIPE'].includes(codeOf(error) ?? '')) exitProcess(SIGNAL_CODES.SIGHUP)
    const text = reportOf(error, debug)
    if (isPrompting()) editor.above(text)
    else process.stderr.write(text)
  }
  for (const event of ['uncaughtException', 'unhandledRejection']) process.removeAllListeners(event).on(event, report)
  // Keeps Node running while a command waits for a promise without open handles.
  setInterval(() => undefined, 1 << 30)
}

/** Closes the standard streams of a terminal that no longer exists: Node aborts at exit if it cannot restore the settings of a terminal. */
function closeTerminal(): void {
  process.exitCode = SIGNAL_CODES.SIGHUP
  for (const fd of [0, 1, 2]) {
    try {
      fs.closeSync(fd)
    } catch {
      // The stream is already closed.
    }
  }
}
