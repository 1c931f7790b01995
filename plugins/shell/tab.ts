import {
  type Completion,
  completeValue,
  completeWords,
  type Host,
  isCommand,
  type Mode,
  openWords,
  quoteRest,
  UNQUOTED,
} from 'ainative-code'
import type { Tab } from './editor.ts'
import { listing } from './listing.ts'

/** What Tab does: completes as far as all candidates agree; the second Tab lists them. */
export const createCompleter =
  (complete: Mode['complete']): Tab =>
  async (line, again) => {
    const before = line.text().slice(0, line.cursor())
    const found = { quote: UNQUOTED, shownFrom: 0, candidates: [], word: '', ...(await complete?.(before)) }
    if (found.candidates.length === 0) return
    const rest = commonStart(found.candidates.map(({ value }) => value)).slice(found.word.length)
    const [only, another] = found.candidates
    const end = another || only?.open ? '' : found.quote === UNQUOTED ? ' ' : `${found.quote} `
    const added = quoteRest(rest, found.quote) + end
    if (added) line.set(before + added + line.text().slice(line.cursor()), before.length + added.length)
    else if (again) line.below(await listing(found.candidates, found.shownFrom))
  }

/** Commands and their words; any other line is JSONata, and a first word may become either. */
export async function completeLine(host: Host, before: string): Promise<Completion> {
  const text = before.trimStart().replace(/^ainative-code\s+/, '')
  const open = openWords(text)
  const word = open.words.at(-1) ?? ''
  if (open.words.length > 1 && isCommand(host, text))
    return { candidates: await completeWords(host, open.words, true), word, quote: open.quote, shownFrom: 0 }
  const commands = open.words.length === 1 ? await completeWords(host, open.words, true) : []
  if (!text) return { candidates: commands, word, quote: '', shownFrom: 0 }
  const expression = await completeValue(host, 'jsonata', text)
  const shownFrom = text.length - (/[$@]?\w*$/.exec(text)?.[0].length ?? 0)
  return { candidates: [...commands, ...expression], word: text, quote: UNQUOTED, shownFrom }
}

function commonStart(values: string[]): string {
  const [first = ''] = values
  let length = first.length
  for (const value of values) while (!value.startsWith(first.slice(0, length))) length--
  return first.slice(0, length)
}
