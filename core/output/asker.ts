import readline from 'node:readline'
import { Writable } from 'node:stream'
import { interrupted } from '../kernel/problem.ts'

/** Questions on the terminal, in turn. Ctrl-C and Ctrl-D reject with an interrupt and abort the signal. */
export interface Asker {
  /** An answer without blanks around it; a hidden one is not shown while it is typed. */
  ask(question: string, hidden?: boolean): Promise<string>
  signal: AbortSignal
  close(): void
}

export function openAsker(outer: AbortSignal): Asker {
  let hidden = false
  const output = new Writable({
    write(chunk, _, done) {
      if (!hidden) process.stderr.write(chunk)
      done()
    },
  })
  const own = new AbortController()
  const lines: string[] = []
  let wake = () => {}
  // With a history, Up would show a key that was typed before.
  const reader = readline.createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
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
    async ask(question, hides = false) {
      process.stderr.write(question)
      reader.setPrompt(hides ? '' : question)
      hidden = hides
      while (lines.length === 0 && !own.signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      if (hidden || own.signal.aborted) process.stderr.write('\n')
      hidden = false
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
