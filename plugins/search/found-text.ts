import { styleText } from 'node:util'
import { type Json, localTime, oneLine, table, type View } from 'ainative-code'
import type { FoundMatch, FoundRow } from './found-rows.ts'

/** Placeholders for the start and the end of a mark in a cell; `clean` removes both characters from the text itself. */
const [BEGIN, END] = ['\ue0f0', '\ue0f1']
const MARK = /\ue0f0([^\ue0f1]*)(\ue0f1|$)/gm

/** Renders a table with one row per session and its best match, then the messages around the matches if the rows have any. */
export async function* foundText(rows: FoundRow[], view: View): AsyncIterable<string> {
  const lines = table(
    rows,
    [
      { title: 'ID', value: ({ id }) => id as string },
      { title: 'TITLE', value: ({ title }) => shorten(title as string, TITLE), flexible: true },
      { title: 'DATE', value: ({ created_at }) => localTime(created_at as string, 'yyyy-MM-dd'), drop: 1 },
      { title: 'HITS', value: ({ hits }) => hits, drop: 2 },
      { title: 'ROLE', value: ({ matches }) => matches[0]?.role, drop: 3 },
      { title: 'MATCH', value: ({ matches }) => matches[0] && markText(matches[0]), flexible: true },
    ],
    view,
  )
  for await (const text of lines) yield renderMarks(text, view)
  for (const { id, title, matches } of rows) {
    const withContext = matches.filter(({ before }) => before)
    if (withContext.length > 0) yield `\n${oneLine(id as string)}  ${oneLine(title as string)}\n`
    for (const match of withContext) yield renderMarks(aroundText(match), view)
  }
}

const TITLE = 40

const shorten = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text)

function aroundText(match: FoundMatch): string {
  const line = (row: Json, mark: string) =>
    `${mark}${String(row.seq).padStart(5)} ${row.role}: ${shorten(oneLine(row.content as string), 200)}\n`
  const matchLine = `>${String(match.seq).padStart(5)} ${match.role}: ${oneLine(markText(match))}\n`
  return [...(match.before ?? []).map((row) => line(row, ' ')), matchLine, ...(match.after ?? []).map((row) => line(row, ' '))].join('')
}

function markText({ snippet, offsets }: FoundMatch): string {
  let text = ''
  let at = 0
  for (const [start, end] of offsets) {
    text += `${removePlaceholders(snippet.slice(at, start))}${BEGIN}${removePlaceholders(snippet.slice(start, end))}${END}`
    at = end
  }
  return text + removePlaceholders(snippet.slice(at))
}

const removePlaceholders = (text: string) => text.replace(/[\ue0f0\ue0f1]/g, '')

/** Replaces the placeholders with color, or with « and » on a terminal without color. */
const renderMarks = (text: string, { color }: View) =>
  text.replace(MARK, (_, word: string) => (color ? styleText('yellow', word, { validateStream: false }) : `«${word}»`))
