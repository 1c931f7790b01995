import type { List } from './list.ts'

/** What the last line of the screen tells. */
export interface Status {
  marked: number
  /** The project that the list keeps to. */
  project: string | undefined
  /** Whether a choice is shown or chatted with, and not printed. */
  acts: boolean
}

const count = (value: number) => value.toLocaleString('en-US')

export function statusOf(list: List, { marked, project, acts }: Status): string {
  const parts = [
    `${count(list.rows().length)} of ${count(list.total())}${project === undefined ? '' : ` in project ${project}`}`,
    marked > 0 && `${count(marked)} marked`,
    list.state(),
    `Enter ${acts ? 'shows' : 'chooses'}`,
    'Esc leaves',
    'Tab marks',
    acts && 'Ctrl-O chats',
    `Ctrl-A ${project === undefined ? 'this project' : 'all projects'}`,
    'Ctrl-Y copies the id',
  ]
  return parts.filter(Boolean).join(' · ')
}
