import type { RowStream, ShownText, TextOutput } from '../contract/view.ts'

/** True for an AsyncIterable. */
export const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

/** True for a RowStream. */
export const isRowStream = (data: unknown): data is RowStream =>
  typeof data === 'object' && data !== null && 'rows' in data && isStream(data.rows)

/** The data of a command as its output has it: the rows of a RowStream, or the data itself. */
export const rowsOf = (data: unknown): unknown => (isRowStream(data) ? data.rows : data)

/** Converts any form of text output to chunks. */
export function toShownText(text: TextOutput): ShownText {
  if (typeof text === 'string') return { chunks: only(text) }
  return isStream(text) ? { chunks: text } : text
}

async function* only(text: string): AsyncIterable<string> {
  yield text
}

/** Applies a function to each chunk of a text. */
export function mapText({ chunks, rest }: ShownText, change: (chunk: string) => string): ShownText {
  return { chunks: mapChunks(chunks, change), rest: rest && (() => change(rest())) }
}

async function* mapChunks(chunks: AsyncIterable<string>, change: (chunk: string) => string): AsyncIterable<string> {
  for await (const chunk of chunks) yield change(chunk)
}
