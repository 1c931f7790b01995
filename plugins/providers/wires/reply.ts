import type { Cost, Usage } from 'ainative-code'
import { finishReason } from './finish.ts'
import { named } from './names.ts'
import { createOutput, type End, type Output } from './output.ts'
import { createParts } from './parts.ts'
import type { Add, Place } from './text-block.ts'
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

/** A field that may be text which nothing reads, as far as it arrived; text may arrive word by word in many entries. */
export interface Field {
  last?: string
  length: number
  hasSpace: boolean
  isNoted: boolean
}

/** A reply under construction: the reader of an API reports what each entry holds; order, repetition and gaps are handled here. */
export type Reply = ReturnType<typeof createReply>

/** Collects what the reader of an API reports, as chunks. */
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
    /** The fields that may be text which nothing reads. */
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
    /** The totals so far, each only where it is known. */
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

/** Notes what a reply holds that is no plain text. */
function createNotes({ note, hasNotes }: Output) {
  /** The index of the first alternative. */
  let first: string | undefined
  return {
    note,
    hasNotes,
    /** Notes something that this program does not know. */
    noteUnknown: (what: string, name: unknown) => note(`passed over ${named(`${what} of an unknown type`, name)}`),
    /** Adds the text with which the model refuses to answer. */
    addRefusal(add: Add, text: unknown, place?: Place) {
      if (!isNothing(text)) note('the model refuses to answer')
      add('text', text, place)
    },
    /** True for the first alternative; any other one is noted. */
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

/** Whether and why a reply ended. */
function createEnd(output: Output, totals: ReturnType<typeof createTotals>, { closeCalls }: ReturnType<typeof createParts>) {
  let reason: string | undefined
  const markKnown = () => {
    output.isKnown = true
    output.activity++
  }
  return {
    /** Records that the entry belongs to this API, though it may hold nothing. */
    markKnown,
    /** Records that the API ended the reply, and its reason where it gives one. */
    finish(why: unknown, end: Exclude<End, 'open'>) {
      markKnown()
      output.end = end
      reason = finishReason(why) ?? reason
    },
    /** Records an end mark that any API may send: the answer does not become known by it. */
    markEnd() {
      output.end = 'certain'
    },
    /** Records that the answer ended within an entry, which may have held text, unless the reply had ended for certain. */
    markCut() {
      if (output.end === 'certain') output.note('the answer ends within an event, which is lost')
      else output.end = 'open'
    },
    end: () => output.end,
    /** Closes what is still open; the last chunk of a whole reply has the finish reason. */
    close(isWhole: boolean) {
      closeCalls()
      if (isWhole && reason && !EXPECTED.has(reason)) output.note(named('ended the reply for a reason of its own', reason))
      output.push({ ...totals.known(), ...(isWhole && { finish_reason: reason ?? 'stop' }) })
    },
  }
}
