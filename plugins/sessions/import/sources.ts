import fsp from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { type Context, expandHome, fileProblem, openInput, Problem } from 'ainative-code'

/** A file, or standard input. */
export interface Source {
  /** The name for messages: the path of the file. */
  name: string
  chunks(): AsyncIterable<Buffer>
}

/** The sources of an import: the named files (`-` is standard input), then the .json and .jsonl files of a folder, sorted by name. */
export async function sourcesOf(
  files: string[],
  folder: string | undefined,
  { stdin, signal, host: { env } }: Pick<Context, 'stdin' | 'signal' | 'host'>,
): Promise<Source[]> {
  const sources = files.map(
    (file): Source => (file === '-' ? { name: 'standard input', chunks: () => bytes(stdin()) } : fileSource(expandHome(file, env), signal)),
  )
  if (folder !== undefined) sources.push(...(await filesIn(expandHome(folder, env))).map((file) => fileSource(file, signal)))
  return sources
}

async function* bytes(stdin: Readable): AsyncIterable<Buffer> {
  try {
    for await (const chunk of stdin) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  } catch (error) {
    throw fileProblem(error, 'standard input', 'read')
  }
}

const fileSource = (file: string, signal: AbortSignal): Source => ({ name: file, chunks: () => openInput(file, signal) })

async function filesIn(folder: string): Promise<string[]> {
  const names = await fsp.readdir(folder).catch((error) => {
    throw fileProblem(error, folder, 'read')
  })
  const matches = names.filter((name) => /\.jsonl?$/i.test(name) && !name.startsWith('.')).sort()
  if (matches.length === 0) throw new Problem('file', `no .json or .jsonl files in ${folder}`)
  return matches.map((name) => path.join(folder, name))
}
