import fs from 'node:fs'
import { isatty } from 'node:tty'
import { codeOf, exitProcess, reportOf, SIGNAL_CODES } from 'ainative-code'
import type { Editor } from './editor.ts'
import type { Input } from './input.ts'

interface Watched {
  input: Input
  editor: Editor
  debug: boolean
  /** Stops the running work. */
  abort(): void
  isPrompting(): boolean
}

/** Handles signals and unhandled errors while the shell is open: an error is a line, and the shell goes on. */
export function watchProcess({ input, editor, debug, abort, isPrompting }: Watched): void {
  // While a line runs the terminal sends the signal itself.
  process.on('SIGINT', abort)
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
    if (isPrompting()) editor.above(text)
    else process.stderr.write(text)
  }
  for (const event of ['uncaughtException', 'unhandledRejection']) process.removeAllListeners(event).on(event, report)
  // A command may wait for something that does not keep Node running.
  setInterval(() => undefined, 1 << 30)
}

/** Closes a terminal that is gone: Node aborts at exit if it cannot restore a terminal's settings. */
function leaveTerminal(): void {
  process.exitCode = SIGNAL_CODES.SIGHUP
  for (const fd of [0, 1, 2]) {
    try {
      fs.closeSync(fd)
    } catch {
      // Closed already.
    }
  }
}
