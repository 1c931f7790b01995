import type { History } from '../history.ts'
import type { Host } from '../host.ts'
import type { Io } from '../io.ts'
import { contextFor, runLine } from '../line.ts'
import type { Mode } from '../mode.ts'
import { needsMore } from '../more.ts'
import { joinLines } from '../words.ts'
import { completeLine } from './complete.ts'
import { promptOf } from './prompt.ts'

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
      return { text: joined, whole: !(await needsMore(host, joined)) }
    },
    complete: (before) => completeLine(host, before),
    keys: keysOf(host),
    async run(text, io) {
      if (/^\s*(exit|quit)\s*$/.test(text)) return false
      if (!text.trim()) return true
      if (history.add(text) && lines[0] !== text) lines.unshift(text)
      await runLine(host, text, io)
      if (history.isGone()) lines.length = 0
      return true
    },
  }
}

/** The keys that commands bind. */
function keysOf(host: Host): NonNullable<Mode['keys']> {
  const bound = host
    .commands()
    .all()
    .flatMap((entry) => ('key' in entry && entry.key ? [{ ...entry.key, run: entry.name }] : []))
  const insert = (words: readonly string[]) => async (io: Io) => {
    const texts = await contextFor(host, io).runLine(words, { silent: true })
    return Array.isArray(texts) ? texts.join(' ') : ''
  }
  return new Map(bound.map(({ ctrl, words, run }) => [ctrl, { run, insert: insert(words) }]))
}
