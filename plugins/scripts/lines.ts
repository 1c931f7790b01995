import { type Context, codeOf, joinLines, messageOf, needsMore, Problem } from 'ainative-code'

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

/** Runs the lines of a script. The first that fails ends it, unless it is to keep going; either way the exit code is 1. */
export async function runLines(context: Context, script: Script, { dryRun, keepGoing }: Options): Promise<undefined> {
  for await (const { text, number } of wholeLines(context, script.lines)) {
    try {
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

/** The lines of a script, each with those that it goes on in, and the number of its first. */
async function* wholeLines({ host }: Context, lines: AsyncIterable<string>): AsyncIterable<{ text: string; number: number }> {
  let count = 0
  let begun: { text: string; number: number } | undefined
  for await (const line of lines) {
    count++
    begun = begun ? { ...begun, text: joinLines(begun.text, line) } : { text: line, number: count }
    if (await needsMore(host, begun.text)) continue
    yield begun
    begun = undefined
  }
  if (begun) yield begun
}

const at = (place: string, error: unknown) =>
  new Problem('script', `${place}: ${messageOf(error)}`, { hint: error instanceof Problem ? error.hint : undefined, cause: error })
