import path from 'node:path'
import { type Context, copyText, messageOf } from 'ainative-code'
import { type Cursor, createCursor } from './cursor.ts'
import type { Action } from './keys.ts'
import type { List } from './list.ts'
import type { Choice, PickerOptions } from './picker-options.ts'
import { erase, shortQuery } from './query.ts'
import { statusOf } from './status.ts'

/** The state of the picker: the query, the cursor and the marked sessions. */
export interface State {
  query(): string
  place: Cursor['place']
  /** The ids of the marked sessions. */
  marked: ReadonlySet<string>
  status(): string
  /** Applies an action. Returns a choice if the action ends the picker. */
  apply(action: Action): Promise<Choice | undefined>
  /** Shows in the status line the error of sessions that could not be read. */
  fail(error: unknown): void
}

/** The parts of the screen that the state uses. */
interface PickerScreen {
  /** The number of rows of the list. */
  height(): number
  /** Writes an escape sequence that prints nothing. */
  send(sequence: string): void
}

/** Creates the state, and starts the search for the initial query. */
export function createState(list: List, { query: first, opensSession, context }: PickerOptions, { height, send }: PickerScreen): State {
  const currentProject = context.host.config.defaults.project ?? folderName()
  const cursor = createCursor(list.rows, height)
  const marked = new Set<string>()
  let query = shortQuery(first)
  let project: string | undefined
  let note = ''
  const search = (text: string, within: string | undefined) => {
    query = text
    project = within
    cursor.reset()
    list.search(query, project)
  }
  const edit = (text: string) => text !== query && search(text, project)
  const selectedIds = () => (marked.size > 0 ? [...marked] : [cursor.current()?.id].filter((id) => id !== undefined))
  search(query, project)
  return {
    query: () => query,
    place: cursor.place,
    marked,
    fail: (error) => {
      note = messageOf(error)
    },
    status: () => note || statusOf(list, { marked: marked.size, project, opensSession }),
    async apply(action) {
      if (action.do !== 'draw') note = ''
      if (action.do === 'type') edit(shortQuery(query + action.text))
      if (action.do === 'erase') edit(erase(query, action.what))
      if (action.do === 'move') cursor.move(action.by)
      if (action.do === 'mark') mark(cursor, marked, action.step)
      if (action.do === 'project') search(query, project === undefined ? currentProject : undefined)
      if (action.do === 'copy') note = await copy(selectedIds(), context, send)
      if (action.do === 'choose' && selectedIds().length > 0) return { ids: selectedIds(), chats: false }
      const { id } = cursor.current() ?? {}
      return action.do === 'chat' && opensSession && id !== undefined ? { ids: [id], chats: true } : undefined
    },
  }
}

function mark(cursor: Cursor, marked: Set<string>, step: 1 | -1): void {
  const entry = cursor.current()
  if (entry && !marked.delete(entry.id)) marked.add(entry.id)
  cursor.move(step)
}

/** Copies ids to the clipboard and returns the text for the status line. */
async function copy(ids: string[], { host, signal }: Context, send: (sequence: string) => void): Promise<string> {
  const show = async (text: AsyncIterable<string>) => {
    for await (const sequence of text) send(sequence)
  }
  if (ids.length === 0) return ''
  try {
    const clipboard = await copyText(ids.join(' '), { host, signal, interactive: true, show })
    return clipboard === 'terminal'
      ? `sent ${ids.join(' ')} to the clipboard (OSC 52), if the terminal allows it`
      : `copied ${ids.join(' ')} with ${clipboard}`
  } catch (error) {
    return messageOf(error)
  }
}

/** The name of the working directory, or an empty text if the directory no longer exists. */
function folderName(): string {
  try {
    return path.basename(process.cwd())
  } catch {
    return ''
  }
}
