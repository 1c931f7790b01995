import { type Context, expandHome, outputFiles, render, usage } from 'ainative-code'
import type { StatsResult } from './stats-result.ts'

/** The values of --format. */
export const FORMATS = ['table', 'json', 'jsonl', 'csv', 'html'] as const

/** True if --output names a file; `-` is standard output. */
export const isFile = (output: string | undefined): output is string => output !== undefined && output !== '-'

const PLAIN = { width: Number.POSITIVE_INFINITY, color: false, interactive: false }

/** The output format: the value of --format, else the extension of the output file. Throws a Problem for HTML on a terminal. */
export function formatFor(output: string | undefined, { format, hasFormatFlag, interactive }: Context): string {
  if (format === 'html' && output === undefined && interactive)
    throw usage('an HTML report needs a file: -o', 'ainative-code session stats --format html -o report.html')
  if (output === undefined || hasFormatFlag) return format
  const ending = output.slice(output.lastIndexOf('.') + 1).toLowerCase()
  return FORMATS.find((each) => each === ending) ?? format
}

/** Writes a result to a file, completely or not at all. */
export async function writeResult(
  { data, print }: StatsResult,
  output: string,
  { host, format, signal }: Context,
): Promise<{ file: string }> {
  const file = expandHome(output, host.env)
  const { chunks } = await render({ print: (_, view) => print(view) }, data, format, PLAIN)
  const { allOrNone } = await outputFiles()
  await allOrNone(signal, (drafts) => drafts.write(file, chunks))
  return { file }
}
