import readline from 'node:readline'
import { Readable } from 'node:stream'
import type { Host } from './host.ts'
import type { Io } from './io.ts'
import { runLine } from './line.ts'
import { exitCodeOf, reportOf } from './report.ts'

/** Runs piped standard input line by line; the first failure ends it. Gives the exit code. */
export async function runBatch(host: Host, io: Io, debug: boolean): Promise<number> {
  let number = 0
  // The lines are the script: no command may read them as its own input.
  const inner = { ...io, stdin: () => Readable.from([]) }
  for await (const line of readline.createInterface({ input: io.stdin(), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    try {
      await runLine(host, line, inner)
    } catch (error) {
      process.stderr.write(`line ${number}: ${reportOf(error, debug)}`)
      return exitCodeOf(error, io.signal)
    }
  }
  return 0
}
