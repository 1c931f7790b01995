import readline from 'node:readline'
import { Writable } from 'node:stream'
import { interrupted } from '../kernel/problem.ts'

/** Asks questions on the terminal, one after another. Ctrl-C and Ctrl-D reject with an interrupt and abort the signal. */
export interface Asker {
  /** Returns the answer without surrounding white space. A hidden answer is not shown while it is typed. */
  ask(question: string, hidden?: boolean): Promise<string>
  signal: AbortSignal
  close(): void
}

/** Starts to read answers from standard input. */
export function openAsker(outer: AbortSignal): Asker {
  const output = createHideableOutput()
  const own = new AbortController()
  const lines: string[] = []
  let wake = () => {}
  // No history, since the Up key would show an API key that was typed before.
  const reader = readline.createInterface({ input: process.stdin, output: output.stream, terminal: true, historySize: 0 })
  const end = () => {
    own.abort(interrupted())
    wake()
  }
  reader.on('line', (line) => {
    lines.push(line)
    wake()
  })
  reader.on('SIGINT', end).on('close', end)
  outer.addEventListener('abort', end)
  return {
    signal: own.signal,
    async ask(question, hidden = false) {
      process.stderr.write(question)
      reader.setPrompt(hidden ? '' : question)
      output.isHidden = hidden
      while (lines.length === 0 && !own.signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      if (hidden || own.signal.aborted) process.stderr.write('\n')
      output.isHidden = false
      own.signal.throwIfAborted()
      return (lines.shift() ?? '').trim()
    },
    close() {
      outer.removeEventListener('abort', end)
      reader.off('close', end)
      reader.close()
    },
  }
}

/** A stream to standard error that shows nothing while `isHidden` is true. */
function createHideableOutput(): { stream: Writable; isHidden: boolean } {
  const output = {
    isHidden: false,
    stream: new Writable({
      write(chunk, _, done) {
        if (!output.isHidden) process.stderr.write(chunk)
        done()
      },
    }),
  }
  return output
}
