import path from 'node:path'
import { type Context, copyText, messageOf } from 'ainative-code'
import { type Cursor, createCursor } from './cursor.ts'
import type { Action } from './keys.ts'
import type { List } from './list.ts'
import type { Choice, PickerOptions } from './options.ts'
import { erased, shortQuery } from './query.ts'
import { statusOf } from './status.ts'

/** What a person has typed, chosen and marked. */
export interface State {
  query(): string
  place: Cursor['place']
  marked: ReadonlySet<string>
  status(): string
  /** Does what a key asks for; a choice ends the picker. */
  apply(action: Action): Promise<Choice | undefined>
  /** Some sessions could not be read. */
  fail(error: unknown): void
}

/** The screen that a person looks at. */
interface Pane {
  /** The number of rows of the list. */
  height(): number
  /** Writes a sequence that shows nothing. */
  send(sequence: string): void
}

export function createState(list: List, { query: first, acts, context }: PickerOptions, { height, send }: Pane): State {
  const own = context.host.config.defaults.project ?? folderName()
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
  const chosen = () => (marked.size > 0 ? [...marked] : [cursor.current()?.id].filter((id) => id !== undefined))
  search(query, project)
  return {
    query: () => query,
    place: cursor.place,
    marked,
    fail: (error) => {
      note = messageOf(error)
    },
    status: () => note || statusOf(list, { marked: marked.size, project, acts }),
    async apply(action) {
      if (action.do !== 'draw') note = ''
      if (action.do === 'type') edit(shortQuery(query + action.text))
      if (action.do === 'erase') edit(erased(query, action.what))
      if (action.do === 'move') cursor.move(action.by)
      if (action.do === 'mark') mark(cursor, marked, action.step)
      if (action.do === 'project') search(query, project === undefined ? own : undefined)
      if (action.do === 'copy') note = await copy(chosen(), context, send)
      if (action.do === 'choose' && chosen().length > 0) return { ids: chosen(), chats: false }
      const { id } = cursor.current() ?? {}
      return action.do === 'chat' && acts && id !== undefined ? { ids: [id], chats: true } : undefined
    },
  }
}

function mark(cursor: Cursor, marked: Set<string>, step: 1 | -1): void {
  const entry = cursor.current()
  if (entry && !marked.delete(entry.id)) marked.add(entry.id)
  cursor.move(step)
}

/** Puts ids on the clipboard; gives what to say. */
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

/** The name of the working folder, which may be gone. */
function folderName(): string {
  try {
    return path.basename(process.cwd())
  } catch {
    return ''
  }
}
