import type { List } from './list.ts'

/** The values in the status line. */
export interface Status {
  /** The number of marked sessions. */
  marked: number
  /** The project that limits the list. */
  project: string | undefined
  /** True if the command opens the selected sessions, false if the command prints their ids. */
  opensSession: boolean
}

const count = (value: number) => value.toLocaleString('en-US')

/** The text of the status line, with the number of rows and the keys. */
export function statusOf(list: List, { marked, project, opensSession }: Status): string {
  const parts = [
    `${count(list.rows().length)} of ${count(list.total())}${project === undefined ? '' : ` in project ${project}`}`,
    marked > 0 && `${count(marked)} marked`,
    list.state(),
    `Enter ${opensSession ? 'shows' : 'selects'}`,
    'Esc closes',
    'Tab marks',
    opensSession && 'Ctrl-O chats',
    `Ctrl-A ${project === undefined ? 'this project' : 'all projects'}`,
    'Ctrl-Y copies the id',
  ]
  return parts.filter(Boolean).join(' · ')
}
