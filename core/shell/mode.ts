import { contextFor, runLine } from '../command/line.ts'
import type { BoundKey, Mode } from '../command/mode.ts'
import { needsMore } from '../command/more.ts'
import { joinLines } from '../command/words.ts'
import type { Host } from '../kernel/host.ts'
import type { Io } from '../output/io.ts'
import { completeLine } from './complete.ts'
import type { History } from './history.ts'
import { promptOf } from './prompt.ts'

/** Commands as a conversation has them; JSONata would take the slash for the start of a pattern. */
const SLASH = /^\s*\/(help|exit|quit)\s*$/

/** The shell as a mode: lines are commands or JSONata, and are kept for the next shell. */
export const shellMode = (host: Host, history: History): Omit<Mode, 'run'> & { run(text: string, io: Io): Promise<boolean> } => {
  const lines = history.lines().reverse()
  return {
    history: lines,
    prompt: () => promptOf(host),
    async next(text, line) {
      // An empty line ends what would go on.
      if (text !== undefined && line === '') return { text, whole: true }
      const joined = text === undefined ? line : joinLines(text, line)
      return { text: joined, whole: SLASH.test(joined) || !(await needsMore(host, joined)) }
    },
    complete: (before) => completeLine(host, before),
    key: (letter) => keyOf(host, letter),
    async run(text, io) {
      if (/^\s*\/?(exit|quit)\s*$/.test(text)) return false
      if (!text.trim()) return true
      if (history.add(text) && lines[0] !== text) lines.unshift(text)
      await runLine(host, SLASH.test(text) ? 'help' : text, io)
      if (history.isGone()) lines.length = 0
      return true
    },
  }
}

/** The command that binds a key. */
function keyOf(host: Host, letter: string): BoundKey | undefined {
  for (const entry of host.commands().all()) {
    if (!('key' in entry) || entry.key?.ctrl !== letter) continue
    const { name: run, key } = entry
    const insert = async (io: Io) => [await contextFor(host, io).runLine(key.words, { silent: true })].flat().join(' ')
    return { run, insert }
  }
  return undefined
}
