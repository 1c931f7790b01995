import { setImmediate } from 'node:timers/promises'
import { type Context, codeOf, isTooLong, joinLines, messageOf, needsMore, Problem } from 'ainative-code'

/** A script of lines. */
export interface Script {
  /** The name in messages. */
  name: string
  /** The real path; undefined for standard input. */
  file?: string
  lines: AsyncIterable<string>
}

/** The options of `run`. */
export interface RunOptions {
  dryRun: boolean
  keepGoing: boolean
}

const EXIT = /^\s*(?:exit|quit)\s*$/

/**
 * Runs the lines of a script up to the end or a line `exit` or `quit`. If a line fails, the script stops, or continues with --keep-going;
 * in both cases the exit code is 1.
 */
export async function runLines(context: Context, script: Script, { dryRun, keepGoing }: RunOptions): Promise<undefined> {
  for await (const statement of statements(context, script.lines)) {
    const { text, number } = statement
    if (EXIT.test(text)) return
    try {
      if (text.includes('\n') && isEndless(statement))
        throw new Problem('script', 'the command or expression that starts here is not complete', {
          hint: 'close the quote or the bracket',
        })
      await context.runLine(text, { dryRun: dryRun || undefined, script: script.file })
    } catch (error) {
      if (codeOf(error) === 'EPIPE' || context.signal.aborted) throw error
      const problem = problemAt(`${script.name}:${number}`, error)
      if (!keepGoing) throw problem
      context.note(`error: ${problem.message}${problem.hint ? `\nhint: ${problem.hint}` : ''}`)
      context.fail()
    }
  }
}

/** A complete command or expression, with the number of its first line. */
interface Statement {
  text: string
  number: number
  /** The number of characters that were parsed to find the end: for each further line, the whole text is parsed again. */
  searched: number
}

const MAX_SEARCHED = 1 << 24
const YIELD_MS = 50

const isEndless = ({ text, searched }: Statement) => isTooLong(text) || searched > MAX_SEARCHED

/** Yields the statements of a script: a line, joined with the following lines while it is incomplete. */
async function* statements({ host, signal }: Context, lines: AsyncIterable<string>): AsyncIterable<Statement> {
  let count = 0
  let current: Statement | undefined
  let last = Date.now()
  for await (const line of lines) {
    count++
    const { number, searched } = current ?? { number: count, searched: 0 }
    const text: string = current ? joinLines(current.text, line) : line
    current = { text, number, searched: searched + text.length }
    if (Date.now() - last > YIELD_MS) {
      // Buffered lines arrive without a pause, so the event loop could not deliver a signal.
      await setImmediate()
      last = Date.now()
      signal.throwIfAborted()
    }
    if (!isEndless(current) && (await needsMore(host, text))) continue
    yield current
    current = undefined
  }
  if (current) yield current
}

const problemAt = (place: string, error: unknown) =>
  new Problem('script', `${place}: ${messageOf(error)}`, { hint: error instanceof Problem ? error.hint : undefined, cause: error })
