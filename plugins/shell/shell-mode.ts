import {
  type BoundKey,
  type Context,
  contextFor,
  type Host,
  type Io,
  isCommand,
  joinLines,
  type Mode,
  needsMore,
  stateFolder,
} from 'ainative-code'
import { openHistory } from './history-file.ts'
import { promptOf } from './prompt.ts'
import { completeLine } from './tab.ts'
import { vorpalOf } from './vorpal.ts'

/** Matches `/help`, `/exit` and `/quit` of a conversation, which JSONata would parse as a regular expression. */
const SLASH = /^\s*\/(help|exit|quit)\s*$/

/** The mode of the shell. A line is a command, a command of a vorpal extension, or JSONata. Lines are added to the history file. */
export function shellMode(host: Host): Mode {
  const history = openHistory(stateFolder(host.env))
  const lines = history.lines().reverse()
  return {
    history: lines,
    prompt: () => promptOf(host),
    async next(text, line) {
      // An empty line ends an incomplete text.
      if (text !== undefined && line === '') return { text, whole: true }
      const joined = text === undefined ? line : joinLines(text, line)
      return { text: joined, whole: SLASH.test(joined) || isExtension(host, joined) || !(await needsMore(host, joined)) }
    },
    complete: (before) => completeLine(host, before),
    key: (letter) => keyOf(host, letter),
    async run(text, context) {
      if (/^\s*\/?(exit|quit)\s*$/.test(text)) return false
      if (!text.trim()) return true
      if (history.add(text) && lines[0] !== text) lines.unshift(text)
      await runText(host, text, context)
      if (history.isGone()) lines.length = 0
      return true
    },
  }
}

async function runText(host: Host, text: string, context: Context): Promise<void> {
  if (SLASH.test(text)) await context.runLine('help', { enters: true, stdin: true })
  else if (isExtension(host, text)) await vorpalOf(host)?.exec(text.trim())
  else await context.runLine(text, { enters: true, stdin: true })
}

/** True if only a command of a vorpal extension can run a line. */
function isExtension(host: Host, text: string): boolean {
  const [word = ''] = text.trim().split(/\s+/, 1)
  return word !== '' && !isCommand(host, text.trim()) && vorpalOf(host)?.find(word) !== undefined
}

/** The action of a key: that of the first command that declares the key. */
function keyOf(host: Host, letter: string): BoundKey | undefined {
  for (const entry of host.commands().all()) {
    if (!('key' in entry) || entry.key?.ctrl !== letter) continue
    const { name: run, key } = entry
    const insert = async (io: Io) => [await contextFor(host, io).runLine(key.words, { silent: true })].flat().join(' ')
    return { run, insert }
  }
  return undefined
}
