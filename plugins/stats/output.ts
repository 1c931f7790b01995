import { type Context, expandHome, outputFiles, render, usage } from 'ainative-code'
import type { Found } from './found.ts'

/** What --format takes. */
export const FORMATS = ['table', 'json', 'jsonl', 'csv', 'html'] as const

/** True for an output other than standard output. */
export const isFile = (output: string | undefined): output is string => output !== undefined && output !== '-'

const PLAIN = { width: Number.POSITIVE_INFINITY, color: false, interactive: false }

/** The format of a run: that of --format, else the one that the file's name ends with. */
export function formatFor(output: string | undefined, { format, hasFormatFlag, interactive }: Context): string {
  if (format === 'html' && output === undefined && interactive)
    throw usage('an HTML report needs a file: -o', 'ainative-code session stats --format html -o report.html')
  if (output === undefined || hasFormatFlag) return format
  const ending = output.slice(output.lastIndexOf('.') + 1).toLowerCase()
  return FORMATS.find((each) => each === ending) ?? format
}

/** Writes results to a file, as a whole or not at all. */
export async function writeFound({ data, print }: Found, output: string, { host, format, signal }: Context): Promise<{ file: string }> {
  const file = expandHome(output, host.env)
  const { chunks } = await render({ print: (_, view) => print(view) }, data, format, PLAIN)
  const { allOrNone } = await outputFiles()
  await allOrNone(signal, (drafts) => drafts.write(file, chunks))
  return { file }
}
