import { codeOf, type Io, outputWriter, reportOf, usage } from 'ainative-code'

/** Does what a text asks for. Once its signal is aborted this returns at once, and nothing more of that work is written. */
export async function runAbortable<T>(work: (io: Io) => Promise<T>, io: Io, signal: AbortSignal, debug: boolean): Promise<T | undefined> {
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  let left = false
  const write = outputWriter(signal)
  try {
    return await Promise.race([work(innerIo(io, signal, write, () => left)), aborted])
  } catch (error) {
    left = signal.aborted
    // What a reply still held stands above.
    if (left) await write('').catch(() => undefined)
    if (left) process.stderr.write('^C\n')
    else if (codeOf(error) !== 'EPIPE') process.stderr.write(reportOf(error, debug))
    return undefined
  }
}

/** What a command at the prompt is given: no input, and once the prompt has left it nothing of the terminal. */
function innerIo(io: Io, signal: AbortSignal, write: Io['write'], left: () => boolean): Io {
  const unless =
    <A extends unknown[]>(act: (...args: A) => void) =>
    (...args: A) => {
      if (!signal.aborted) act(...args)
    }
  return {
    ...io,
    view: { ...io.view, width: process.stdout.columns || io.view.width },
    signal,
    page: undefined,
    stdin() {
      throw usage('at the prompt there is no standard input', 'name a file, or run the command by itself')
    },
    note: unless(io.note),
    // What stands there has to go also after Ctrl-C.
    progress: (text) => (text === '' ? io.progress(text) : unless(io.progress)(text)),
    enter: io.enter && unless(io.enter),
    async ask(question, flag) {
      signal.throwIfAborted()
      return io.ask(question, flag, signal)
    },
    async write(chunk) {
      if (left()) signal.throwIfAborted()
      await write(chunk)
    },
  }
}
