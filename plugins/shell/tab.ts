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
import type { TabHandler } from './editor.ts'
import { formatCandidates } from './format-candidates.ts'

/** Returns the handler of Tab, which inserts the common start of all candidates. A second Tab lists the candidates. */
export const createCompleter =
  (complete: Mode['complete']): TabHandler =>
  async (line, repeated) => {
    const before = line.text().slice(0, line.cursor())
    const completion = { quote: UNQUOTED, shownFrom: 0, candidates: [], word: '', ...(await complete?.(before)) }
    if (completion.candidates.length === 0) return
    const rest = commonStart(completion.candidates.map(({ value }) => value)).slice(completion.word.length)
    const [only, another] = completion.candidates
    const end = another || only?.open ? '' : completion.quote === UNQUOTED ? ' ' : `${completion.quote} `
    const insertion = quoteRest(rest, completion.quote) + end
    if (insertion) line.set(before + insertion + line.text().slice(line.cursor()), before.length + insertion.length)
    else if (repeated) line.below(await formatCandidates(completion.candidates, completion.shownFrom))
  }

/** Completes a line: the words of a command, or JSONata. The first word completes to both. */
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
