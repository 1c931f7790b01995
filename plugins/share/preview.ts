import { type Message, oneLine, plural } from 'ainative-code'
import type { RedactedSession } from './secrets/redact.ts'

/** The number of messages whose first line is shown. */
const SHOWN = 6
/** The maximum number of characters of this line. */
const LINE = 72
/** The maximum number of characters of the title. */
const TITLE = 200
/** The number of secrets that are listed. */
const LISTED = 20

/** Describes what a share would show to a team, with masked secrets. */
export function previewOf({ session, messages, findings }: RedactedSession, team: string, replaced: boolean): string[] {
  const shared = replaced ? messages.filter(({ hidden }) => !hidden) : messages
  const hidden = shared.filter((message) => message.hidden).length
  return [
    `${session.id} for the team ${team}: ${cut(oneLine(session.title), TITLE)}`,
    `${plural(shared.length, 'message')}${hidden > 0 ? `; the team can also read ${hidden} that you hide` : ''}`,
    ...shared.slice(0, SHOWN).map(lineOf),
    ...(shared.length > SHOWN ? [`  … ${shared.length - SHOWN} more`] : []),
    ...secretLines(findings, replaced),
  ]
}

const cut = (line: string, length: number) => (line.length > length ? `${line.slice(0, length)}…` : line)

function lineOf({ seq, role, content }: Message): string {
  const line = oneLine(
    content
      .slice(0, 4 * LINE)
      .trimStart()
      .split('\n', 1)[0] ?? '',
  )
  return `  ${seq} ${role}: ${cut(line, LINE)}`
}

function secretLines(findings: RedactedSession['findings'], replaced: boolean): string[] {
  if (findings.length === 0) return ['no secrets found']
  return [
    `${plural(findings.length, 'secret')} found${replaced ? ' and replaced' : '; --redact replaces them'}:`,
    ...findings.slice(0, LISTED).map(({ place, kind, masked }) => `  ${place}: ${kind} ${masked}`),
    ...(findings.length > LISTED ? [`  … ${findings.length - LISTED} more`] : []),
  ]
}
