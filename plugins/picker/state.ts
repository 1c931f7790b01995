import path from 'node:path'
import { messageOf } from 'ainative-code'
import type { Action } from './keys.ts'
import type { List } from './list.ts'
import type { Choice, PickerOptions } from './picker.ts'
import type { Entry } from './titles.ts'

/** What a person has typed, chosen and marked. */
export interface State {
  query(): string
  /** The rows, the index of the chosen one, and that of the first one on the screen. */
  place(): { rows: readonly Entry[]; at: number; top: number }
  marked: ReadonlySet<string>
  status(): string
  /** Does what a key asks for; a choice ends the picker. */
  apply(action: Action, send: (sequence: string) => void): Choice | undefined
  /** Some sessions could not be read. */
  fail(error: unknown): void
}

/** A longer query is cut. */
const LONGEST = 500

export function createState(list: List, { query: first, acts, context }: PickerOptions, height: () => number): State {
  const { host } = context
  const project = host.config.defaults.project ?? folderName()
  const marked = new Set<string>()
  let query = first.slice(0, LONGEST)
  let within = false
  let chosen: Entry | undefined
  let top = 0
  let note = ''
  const search = () => {
    chosen = undefined
    list.search(query, within ? project : undefined)
  }
  const place = () => {
    const rows = list.rows()
    const at = chosen ? Math.max(0, rows.indexOf(chosen)) : 0
    top = Math.max(0, Math.min(Math.max(top, at - height() + 1), at, rows.length - 1))
    return { rows, at, top }
  }
  const move = (by: Extract<Action, { do: 'move' }>['by']) => {
    const { rows, at } = place()
    const steps = { page: height(), back: -height(), first: -rows.length, last: rows.length }
    chosen = rows[Math.max(0, Math.min(rows.length - 1, at + (typeof by === 'number' ? by : steps[by])))]
  }
  const current = () => {
    const { rows, at } = place()
    return rows[at]
  }
  const mark = (step: 1 | -1) => {
    const entry = current()
    if (!entry) return
    if (!marked.delete(entry.id)) marked.add(entry.id)
    move(step)
  }
  const idsChosen = () => (marked.size > 0 ? [...marked] : [current()?.id].filter((id) => id !== undefined))
  const edit = (text: string) => {
    if (text === query) return
    query = text.slice(0, LONGEST)
    search()
  }
  const copy = (send: (sequence: string) => void) => {
    const ids = idsChosen()
    if (ids.length === 0) return
    send(`\x1b]52;c;${Buffer.from(ids.join(' ')).toString('base64')}\x07`)
    note = `copied ${ids.join(' ')} by OSC 52, if the terminal allows it`
  }
  search()
  return {
    query: () => query,
    place,
    marked,
    fail: (error) => {
      note = messageOf(error)
    },
    status: () => note || statusOf(list, marked, within ? project : undefined, acts),
    apply(action, send) {
      if (action.do !== 'draw') note = ''
      if (action.do === 'type') edit(query + action.text)
      if (action.do === 'erase') edit(erased(query, action.what))
      if (action.do === 'move') move(action.by)
      if (action.do === 'mark') mark(action.step)
      if (action.do === 'copy') copy(send)
      if (action.do === 'project') {
        within = !within
        search()
      }
      const entry = current()
      if (action.do === 'chat' && acts && entry) return { ids: [entry.id], chats: true }
      if (action.do === 'choose' && idsChosen().length > 0) return { ids: idsChosen(), chats: false }
      return undefined
    },
  }
}

/** The name of the working folder, which may be gone. */
function folderName(): string {
  try {
    return path.basename(process.cwd())
  } catch {
    return ''
  }
}

function erased(query: string, what: 'character' | 'word' | 'all'): string {
  if (what === 'all') return ''
  return what === 'word' ? query.replace(/\S*\s*$/, '') : Array.from(query).slice(0, -1).join('')
}

function statusOf(list: List, marked: ReadonlySet<string>, project: string | undefined, acts: boolean): string {
  const count = (value: number) => value.toLocaleString('en-US')
  const keys = [
    `Enter ${acts ? 'shows' : 'chooses'}`,
    'Esc leaves',
    'Tab marks',
    ...(acts ? ['Ctrl-O chats'] : []),
    `Ctrl-A ${project === undefined ? 'this project' : 'all projects'}`,
    'Ctrl-Y copies',
  ]
  return [
    `${count(list.rows().length)} of ${count(list.total())}${project === undefined ? '' : ` in project ${project}`}`,
    ...(marked.size > 0 ? [`${count(marked.size)} marked`] : []),
    list.state(),
    ...keys,
  ]
    .filter(Boolean)
    .join(' · ')
}
