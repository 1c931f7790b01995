import path from 'node:path'
import { type Context, expandHome, nearest, outputFiles, render, usage } from 'ainative-code'
import type { StatsResult } from './stats-result.ts'

/** The values of --format. */
export const FORMATS = ['table', 'json', 'jsonl', 'csv', 'html'] as const

/** True if --output names a file; `-` is standard output. */
export const isFile = (output: string | undefined): output is string => output !== undefined && output !== '-'

const PLAIN = { width: Number.POSITIVE_INFINITY, color: false, interactive: false }

/** The formats by the extension of the output file. */
const EXTENSIONS: Record<string, (typeof FORMATS)[number]> = {
  '.html': 'html',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.csv': 'csv',
  '.txt': 'table',
}

/**
 * The output format: the value of --format, else the extension of the output file. Throws a Problem for HTML on a terminal and for an
 * unknown extension.
 */
export function formatFor(output: string | undefined, { format, hasFormatFlag, interactive }: Context): string {
  if (format === 'html' && output === undefined && interactive)
    throw usage('an HTML report needs a file: -o', 'ainative-code session stats --format html -o report.html')
  if (output === undefined || hasFormatFlag) return format
  const extension = path.extname(output).toLowerCase()
  if (extension === '') return format
  const found = EXTENSIONS[extension]
  if (found) return found
  const names = Object.keys(EXTENSIONS)
  const close = nearest(extension, names)
  throw usage(
    `session stats cannot write ${extension} files, only ${names.join(', ')}`,
    close ? `did you mean ${close}?` : 'set --format NAME to use any file name',
  )
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
