import { oneLine, plural } from 'ainative-code'
import type { PlannedChange } from './plan.ts'
import type { SyncResult } from './sync.ts'

const count = ({ sessions, messages }: { sessions: number; messages: number }) =>
  sessions + messages > 0 ? `${plural(sessions, 'session')} and ${plural(messages, 'message')}` : undefined

/** Describes the result of a sync: one line, and a second line if rows were set aside. */
export function resultText({ pulled, pushed, equal, aside }: SyncResult): string {
  const [got, sent] = [count(pulled), count(pushed)]
  const parts = [...(got ? [`pulled ${got}`] : []), ...(sent ? [`pushed ${sent}`] : [])]
  const done = parts.length > 0 ? parts.join(', ') : 'no changes'
  const lines = [`${done[0]?.toUpperCase()}${done.slice(1)}${equal ? '; in sync' : ''}`]
  if (aside > 0) lines.push(`${plural(aside, 'row')} set aside; ainative-code zerodb status lists them`)
  return `${lines.join('\n')}\n`
}

/** Describes a dry run, with one line for each session. */
export function plannedText(rows: PlannedChange[]): string {
  if (rows.length === 0) return 'No changes\n'
  return rows
    .map(({ direction, id, title, messages }) => `${direction} ${id}  ${plural(messages, 'message')}  ${oneLine(title ?? '')}`.trimEnd())
    .join('\n')
    .concat('\n')
}
