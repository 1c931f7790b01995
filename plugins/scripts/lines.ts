import { setImmediate } from 'node:timers/promises'
import { type Context, codeOf, isTooLong, joinLines, messageOf, needsMore, Problem } from 'ainative-code'

export interface Script {
  /** As messages call it. */
  name: string
  /** Where it lies; standard input has none. */
  file?: string
  lines: AsyncIterable<string>
}

export interface Options {
  dryRun: boolean
  keepGoing: boolean
}

const LEAVE = /^\s*(?:exit|quit)\s*$/

/**
 * Runs the lines of a script, up to a line `exit` or `quit`. The first line that fails ends the script, unless it is to keep going;
 * either way the exit code is 1.
 */
export async function runLines(context: Context, script: Script, { dryRun, keepGoing }: Options): Promise<undefined> {
  for await (const whole of wholeLines(context, script.lines)) {
    const { text, number } = whole
    if (LEAVE.test(text)) return
    try {
      if (text.includes('\n') && isEndless(whole))
        throw new Problem('script', 'what begins here has no end', { hint: 'close its quote or its bracket' })
      await context.runLine(text, { dryRun: dryRun || undefined, script: script.file })
    } catch (error) {
      if (codeOf(error) === 'EPIPE' || context.signal.aborted) throw error
      const problem = at(`${script.name}:${number}`, error)
      if (!keepGoing) throw problem
      context.note(`error: ${problem.message}${problem.hint ? `\nhint: ${problem.hint}` : ''}`)
      context.fail()
    }
  }
}

/** A command or an expression, with the number of its first line. */
interface Whole {
  text: string
  number: number
  /** How many characters were searched for its end; each further line searches all of them again. */
  searched: number
}

const MAX_SEARCHED = 1 << 24
const YIELD_MS = 50

const isEndless = ({ text, searched }: Whole) => isTooLong(text) || searched > MAX_SEARCHED

/** The lines of a script, each joined with those that it goes on in. */
async function* wholeLines({ host, signal }: Context, lines: AsyncIterable<string>): AsyncIterable<Whole> {
  let count = 0
  let begun: Whole | undefined
  let last = Date.now()
  for await (const line of lines) {
    count++
    const { number, searched } = begun ?? { number: count, searched: 0 }
    const text: string = begun ? joinLines(begun.text, line) : line
    begun = { text, number, searched: searched + text.length }
    if (Date.now() - last > YIELD_MS) {
      // Lines that are there already do not wait, and a signal is only heard between them.
      await setImmediate()
      last = Date.now()
      signal.throwIfAborted()
    }
    if (!isEndless(begun) && (await needsMore(host, text))) continue
    yield begun
    begun = undefined
  }
  if (begun) yield begun
}

const at = (place: string, error: unknown) =>
  new Problem('script', `${place}: ${messageOf(error)}`, { hint: error instanceof Problem ? error.hint : undefined, cause: error })
