import { styleText } from 'node:util'
import { type Json, localTime, oneLine, table, type View } from 'ainative-code'
import type { FoundMatch, FoundRow } from './rows.ts'

/** Stand in a table's cells for the begin and end of a mark; neither is in a text that `oneLine` has passed. */
const [BEGIN, END] = ['\ue0f0', '\ue0f1']
const MARK = /\ue0f0([^\ue0f1]*)(\ue0f1|$)/gm

/** One row a session, with its best match, and below it the messages around its matches where they were asked for. */
export async function* foundText(rows: FoundRow[], view: View): AsyncIterable<string> {
  const lines = table(
    rows,
    [
      { title: 'ID', value: ({ id }) => id as string },
      { title: 'TITLE', value: ({ title }) => shorten(title as string, TITLE), flexible: true },
      { title: 'DATE', value: ({ created_at }) => localTime(created_at as string, 'yyyy-MM-dd'), drop: 1 },
      { title: 'HITS', value: ({ hits }) => hits, drop: 2 },
      { title: 'ROLE', value: ({ matches }) => matches[0]?.role, drop: 3 },
      { title: 'MATCH', value: ({ matches }) => matches[0] && marked(matches[0]), flexible: true },
    ],
    view,
  )
  for await (const text of lines) yield shown(text, view)
  for (const { id, title, matches } of rows) {
    const near = matches.filter(({ before }) => before)
    if (near.length > 0) yield `\n${oneLine(id as string)}  ${oneLine(title as string)}\n`
    for (const match of near) yield shown(aroundText(match), view)
  }
}

const TITLE = 40

const shorten = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text)

function aroundText(match: FoundMatch): string {
  const line = (row: Json, mark: string) =>
    `${mark}${String(row.seq).padStart(5)} ${row.role}: ${shorten(oneLine(row.content as string), 200)}\n`
  const own = `>${String(match.seq).padStart(5)} ${match.role}: ${oneLine(marked(match))}\n`
  return [...(match.before ?? []).map((row) => line(row, ' ')), own, ...(match.after ?? []).map((row) => line(row, ' '))].join('')
}

function marked({ snippet, offsets }: FoundMatch): string {
  let text = ''
  let at = 0
  for (const [start, end] of offsets) {
    text += `${clean(snippet.slice(at, start))}${BEGIN}${clean(snippet.slice(start, end))}${END}`
    at = end
  }
  return text + clean(snippet.slice(at))
}

const clean = (text: string) => text.replace(/[\ue0f0\ue0f1]/g, '')

/** In colour where the terminal has it, else between « and ». */
const shown = (text: string, { color }: View) =>
  text.replace(MARK, (_, word: string) => (color ? styleText('yellow', word, { validateStream: false }) : `«${word}»`))
