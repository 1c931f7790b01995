import type { Cost, Usage } from 'ainative-code'
import { finishReason } from './finish.ts'
import { named } from './names.ts'
import { createOutput, type Output, type ReplyEnd } from './output.ts'
import { createParts } from './parts.ts'
import type { AddText, TextPlace } from './text-block.ts'
import { createTexts } from './texts.ts'
import { isNothing, stringOf } from './values.ts'

/** A failure that a provider sends within its answer. */
export class SentError {
  /** The error as the provider sent it. */
  readonly sent: unknown

  constructor(sent: unknown) {
    this.sent = sent
  }
}

/** The part that has arrived of a field that no reader knows and that may be text. Text may arrive word by word in many entries. */
export interface Field {
  last?: string
  length: number
  hasSpace: boolean
  isNoted: boolean
}

/** A reply while it arrives. The reader of an API reports the content of each entry; the Reply handles order, repetition and gaps. */
export type Reply = ReturnType<typeof createReply>

/** Converts the content that the reader of an API reports to chunks. */
export function createReply() {
  const output = createOutput()
  const texts = createTexts(output)
  const parts = createParts(output)
  const totals = createTotals(output)
  return {
    ...texts,
    ...parts,
    ...createNotes(output),
    ...createEnd(output, totals, parts),
    /** The fields that no reader knows and that may be text, by name. */
    fields: new Map<string, Field>(),
    /** True if the current entry has exactly this text, or a part with the text. */
    isRead: (text: string) => texts.isInEntry(text) || parts.isInParts(text),
    nextEntry() {
      texts.nextEntry()
      parts.nextEntry()
    },
    take: output.take,
    isKnown: () => output.isKnown,
    activity: () => output.activity,
    contents: () => output.contents,
    setModel(name: unknown) {
      if (typeof name === 'string' && name !== '') output.push({ model: name })
    },
    addUsage: totals.addUsage,
    setCost: totals.setCost,
  }
}

/** The token counts and the cost of a reply. */
function createTotals(output: Output) {
  let usage: Usage = {}
  let cost: Cost | undefined
  return {
    /** Returns the known totals so far. */
    known: () => ({ ...(Object.keys(usage).length > 0 && { usage }), ...(cost && { cost }) }),
    addUsage(counts: Usage) {
      const sent = Object.entries(counts).filter(([, count]) => count !== undefined)
      if (sent.length > 0) output.activity++
      usage = { ...usage, ...Object.fromEntries(sent) }
    },
    setCost(reported: Cost | undefined) {
      cost = reported ?? cost
    },
  }
}

/** Adds notes about content other than text. */
function createNotes({ note, hasNotes }: Output) {
  /** The index of the first alternative reply. */
  let first: string | undefined
  return {
    note,
    hasNotes,
    /** Adds a note that content of an unknown type was skipped. */
    noteUnknown: (what: string, name: unknown) => note(`skipped ${named(`${what} of an unknown type`, name)}`),
    /** Adds the text with which the model refuses to answer. */
    addRefusal(add: AddText, text: unknown, place?: TextPlace) {
      if (!isNothing(text)) note('the model refuses to answer')
      add('text', text, place)
    },
    /** True for the first alternative reply; adds a note for any other alternative. */
    isFirst(index: unknown): boolean {
      const key = typeof index === 'number' ? String(index) : stringOf(index)
      first ??= key
      const isOther = key !== undefined && key !== first
      if (isOther) note('the reply has alternatives; only the first one is kept')
      return !isOther
    },
  }
}

/** Finish reasons that need no note. */
const EXPECTED = new Set(['stop', 'length', 'tool-calls', 'content-filter', 'error', 'other'])

/** Records whether and why a reply ended. */
function createEnd(output: Output, totals: ReturnType<typeof createTotals>, { closeCalls }: ReturnType<typeof createParts>) {
  let reason: string | undefined
  const markKnown = () => {
    output.isKnown = true
    output.activity++
  }
  return {
    /** Records that the entry belongs to this API, even if the entry has no content. */
    markKnown,
    /** Records that the API ended the reply, and the reason if the API reports one. */
    finish(why: unknown, end: Exclude<ReplyEnd, 'open'>) {
      markKnown()
      output.end = end
      reason = finishReason(why) ?? reason
    },
    /** Records an end mark that any API may send. The mark does not show that the answer belongs to this API. */
    markEnd() {
      output.end = 'certain'
    },
    /** Records that the answer ended within an entry. Because the entry may have had text, the reply counts as open, unless it had certainly ended. */
    markCut() {
      if (output.end === 'certain') output.note('the answer ends within an event, which is lost')
      else output.end = 'open'
    },
    end: () => output.end,
    /** Ends open tool calls, and adds the last chunk; in a whole reply, this chunk has the finish reason. */
    close(isWhole: boolean) {
      closeCalls()
      if (isWhole && reason && !EXPECTED.has(reason)) output.note(named('the reply ended for an unknown reason', reason))
      output.push({ ...totals.known(), ...(isWhole && { finish_reason: reason ?? 'stop' }) })
    },
  }
}
