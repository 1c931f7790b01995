import { codeOf, type Io, outputWriter, reportOf, usage } from 'ainative-code'

/**
 * Runs work at the prompt and reports its errors. When `signal` is aborted, returns immediately and suppresses all further output of the
 * work. Returns undefined if the work failed or was aborted.
 */
export async function runAbortable<T>(work: (io: Io) => Promise<T>, io: Io, signal: AbortSignal, debug: boolean): Promise<T | undefined> {
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  let detached = false
  const write = outputWriter(signal)
  try {
    return await Promise.race([work(innerIo(io, signal, write, () => detached)), aborted])
  } catch (error) {
    detached = signal.aborted
    // Flush the rest of a reply, so that the text stands above the ^C.
    if (detached) await write('').catch(() => undefined)
    if (detached) process.stderr.write('^C\n')
    else if (codeOf(error) !== 'EPIPE') process.stderr.write(reportOf(error, debug))
    return undefined
  }
}

/** Streams for a command at the prompt: no standard input, and no output after an abort. */
function innerIo(io: Io, signal: AbortSignal, write: Io['write'], detached: () => boolean): Io {
  const unlessAborted =
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
      throw usage('a command at the prompt has no standard input', 'name a file, or run the command outside the shell')
    },
    note: unlessAborted(io.note),
    // Clear the progress line even after Ctrl-C.
    progress: (text) => (text === '' ? io.progress(text) : unlessAborted(io.progress)(text)),
    enter: io.enter && unlessAborted(io.enter),
    async ask(question, flag) {
      signal.throwIfAborted()
      return io.ask(question, flag, signal)
    },
    async write(chunk) {
      if (detached()) signal.throwIfAborted()
      await write(chunk)
    },
  }
}
