import type { Cost, Usage } from 'ainative-code'
import { finishReason } from './finish.ts'
import { named } from './names.ts'
import { createOutput, type End } from './output.ts'
import { createParts } from './parts.ts'
import { type Add, createSpeech, type Place } from './speech.ts'
import type { Field } from './unread.ts'
import { isNothing, stringOf } from './values.ts'

/** A failure that a provider sends within its answer. */
export class SentError {
  readonly sent: unknown

  constructor(sent: unknown) {
    this.sent = sent
  }
}

/** Reasons that need no note of a wire. */
const EXPECTED = new Set(['stop', 'length', 'tool-calls', 'content-filter', 'error', 'other'])

/** A reply under construction: the reader of a wire reports what each entry holds, and leaves order, repetition and gaps to it. */
export type Reply = ReturnType<typeof createReply>

export function createReply() {
  const output = createOutput()
  const speech = createSpeech(output)
  const parts = createParts(output)
  let usage: Usage = {}
  let cost: Cost | undefined
  let reason: string | undefined
  /** The index of the first alternative. */
  let first: string | undefined
  const known = () => {
    output.known = true
    output.heard++
  }
  return {
    ...speech,
    ...parts,
    /** The fields that may be text which nothing reads. */
    fields: new Map<string, Field>(),
    /** Whether the current entry has brought exactly this text, or a part that holds it. */
    holds: (text: string) => speech.hasRead(text) || parts.hasInPart(text),
    nextEntry() {
      speech.nextEntry()
      parts.nextEntry()
    },
    note: output.note,
    hasNotes: output.hasNotes,
    take: output.take,
    /** Marks the entry as one of this API, though it may hold nothing. */
    known,
    isKnown: () => output.known,
    heard: () => output.heard,
    contents: () => output.contents,
    /** Notes something that this program does not know. */
    unknown: (what: string, name: unknown) => output.note(`passed over ${named(`${what} of an unknown type`, name)}`),
    /** Adds what the model says instead of an answer. */
    refuse(add: Add, text: unknown, place?: Place) {
      if (!isNothing(text)) output.note('the model refuses to answer')
      add('text', text, place)
    },
    /** Whether an alternative is the first one that came; notes any other. */
    isFirst(index: unknown): boolean {
      const key = typeof index === 'number' ? String(index) : stringOf(index)
      first ??= key
      const isOther = key !== undefined && key !== first
      if (isOther) output.note('the reply has alternatives; only the first one is kept')
      return !isOther
    },
    model(name: unknown) {
      if (typeof name === 'string' && name !== '') output.push({ model: name })
    },
    usage(counts: Usage) {
      const sent = Object.entries(counts).filter(([, count]) => count !== undefined)
      if (sent.length > 0) output.heard++
      usage = { ...usage, ...Object.fromEntries(sent) }
    },
    cost(reported: Cost | undefined) {
      cost = reported ?? cost
    },
    /** Records that the wire says the reply ended, and why where it says so. */
    finish(why: unknown, end: Exclude<End, 'open'>) {
      known()
      output.end = end
      reason = finishReason(why) ?? reason
    },
    /** Records the mark of the end, which any API may send: it does not make the answer known. */
    mark() {
      output.end = 'certain'
    },
    /** Records that the answer ended within an entry. What is lost is text perhaps, unless all had come for certain. */
    cut() {
      if (output.end === 'certain') output.note('the answer ends within an event, which is lost')
      else output.end = 'open'
    },
    end: () => output.end,
    /** Closes what is still open; the last chunk of a whole reply says why it ended. */
    close(whole: boolean) {
      parts.closeCalls()
      if (whole && reason && !EXPECTED.has(reason)) output.note(named('ended the reply for a reason of its own', reason))
      const counts = Object.keys(usage).length > 0 && { usage }
      output.push({ ...counts, ...(cost && { cost }), ...(whole && { finish_reason: reason ?? 'stop' }) })
    },
  }
}
