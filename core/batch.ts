import { Readable } from 'node:stream'
import type { Host } from './host.ts'
import type { Io } from './io.ts'
import { runLine } from './line.ts'
import { readLines } from './lines.ts'
import { codeOf } from './problem.ts'
import { exitCodeOf, reportOf } from './report.ts'

/** Runs piped standard input line by line; the first failure ends it. Gives the exit code. */
export async function runBatch(host: Host, io: Io, debug: boolean): Promise<number> {
  let number = 0
  // The lines are the script: no command may read them as its own input.
  const inner = { ...io, stdin: () => Readable.from([]) }
  for await (const line of readLines(io.stdin())) {
    number++
    try {
      await runLine(host, line, inner)
    } catch (error) {
      if (codeOf(error) === 'EPIPE') throw error
      process.stderr.write(`line ${number}: ${reportOf(error, debug)}`)
      return exitCodeOf(error, io.signal)
    }
  }
  return 0
}
