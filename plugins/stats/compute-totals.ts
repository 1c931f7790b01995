import {
  type BucketKey,
  type GroupKey,
  isCost,
  type Message,
  type Session,
  type Store,
  type Totals,
  type TotalsRow,
  timeKeys,
  zoneOf,
} from 'ainative-code'
import { type Accumulator, accumulatorOf, type Figures } from './accumulate.ts'

type Value = string | number | null

/** A row to group: a session, or one of its messages. */
interface Row {
  session: Session
  message?: Message
  /** Milliseconds UTC. */
  time: number
  figures: Figures
}

interface Group {
  values: Value[]
  numbers: Accumulator[]
}

/** Answers a question for a store without `aggregate`: reads its sessions, and their messages if the question is about messages. */
export async function computeTotals(store: Store, question: Totals, signal?: AbortSignal): Promise<TotalsRow[]> {
  const { group = [], aggregates } = question
  const groups = new Map<string, Group>()
  const groupFor = (values: Value[]) => {
    const id = JSON.stringify(values)
    const existing = groups.get(id) ?? { values, numbers: Object.values(aggregates).map(accumulatorOf) }
    groups.set(id, existing)
    return existing
  }
  if (group.length === 0) groupFor([])
  for await (const row of rowsOf(store, question, signal)) {
    if (question.has?.every((figure) => row.figures[figure] === undefined)) continue
    for (const values of keysOf(row, question)) for (const each of groupFor(values).numbers) each.add(row.session.id, row.figures)
  }
  return sortRows(
    [...groups.values()].map((each) => rowOf(each, question)),
    question,
  )
}

async function* rowsOf(store: Store, { from, where }: Totals, signal: AbortSignal | undefined): AsyncIterable<Row> {
  for await (const session of store.list({ where })) {
    signal?.throwIfAborted()
    const time = Date.parse(session.created_at)
    if (from === 'sessions') yield { session, time, figures: { time, messages: session.message_count } }
    else yield* messageRows(store, session)
  }
}

async function* messageRows(store: Store, session: Session): AsyncIterable<Row> {
  let before: Message | undefined
  for await (const page of store.messages(session)) {
    for (const message of page) {
      yield { session, message, time: Date.parse(message.timestamp), figures: figuresOf(message, before) }
      before = message
    }
  }
}

function figuresOf(message: Message, before: Message | undefined): Figures {
  const { role, timestamp, usage, latency_ms } = message
  const { input, output } = usage ?? {}
  const cost = costOf(message)
  const tokens = input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0)
  const time = Date.parse(timestamp)
  const wait = before?.role === 'user' ? time - Date.parse(before.timestamp) : 0
  const response = role !== 'assistant' ? undefined : (latency_ms ?? (wait > 0 ? wait : undefined))
  const uncounted = role === 'assistant' && tokens === undefined ? 1 : undefined
  return { ...usage, time, tokens, uncounted, response, cost: cost && Number(cost.amount) }
}

/** The keys of the groups that contain a row: one group, or one per tag if `tag` is a key. */
function keysOf(row: Row, { group = [], timeZone }: Totals): Value[][] {
  const tags = group.includes('tag') && row.session.tags.length > 0 ? [...new Set(row.session.tags)] : [null]
  return tags.map((tag) =>
    group.map((key) => (key === 'tag' ? tag : typeof key === 'string' ? keyOf(row, key, timeZone) : bucketOf(row, key))),
  )
}

function keyOf({ session, message, time }: Row, key: Exclude<GroupKey, 'tag'>, timeZone: string | undefined): Value {
  if (key === 'provider' || key === 'model') return message?.[key] ?? session[key]
  if (key === 'project') return typeof session.metadata.project === 'string' ? session.metadata.project : null
  if (key === 'session') return session.id
  if (key === 'role') return message?.role ?? null
  if (key === 'finish') return message?.finish_reason ?? null
  if (key === 'currency' || key === 'cost_source') return costOf(message)?.[key === 'currency' ? key : 'source'] ?? null
  return timeKeys[key](time + zoneOf(timeZone).offsetAt(time))
}

const costOf = (message: Message | undefined) => (isCost(message?.cost) ? message.cost : undefined)

/** The largest bound that the figure of a row reaches; 0 if there is none. */
function bucketOf({ figures }: Row, { figure, bounds }: BucketKey): number {
  const value = figures[figure]
  return value === undefined ? 0 : (bounds.findLast((bound) => value >= bound) ?? 0)
}

const nameOf = (key: GroupKey | BucketKey) => (typeof key === 'string' ? key : key.name)

const rowOf = ({ values, numbers }: Group, { group = [], aggregates }: Totals): TotalsRow =>
  Object.fromEntries([
    ...group.map((key, i): [string, Value] => [nameOf(key), values[i] ?? null]),
    ...Object.keys(aggregates).map((name, i): [string, Value] => [name, numbers[i]?.result() ?? null]),
  ])

function sortRows(rows: TotalsRow[], { group = [], order, limit }: Totals): TotalsRow[] {
  if (order) {
    const sign = order.descending ? -1 : 1
    rows.sort((a, b) => sign * compare(a[order.by], b[order.by]) || compareAll(a, b, group.map(nameOf)))
  }
  return rows.slice(0, limit)
}

const compareAll = (a: TotalsRow, b: TotalsRow, keys: readonly string[]) => keys.map((key) => compare(a[key], b[key])).find(Boolean) ?? 0

/** Compares two values for sorting; null is first, as in SQLite. */
function compare(a: Value = null, b: Value = null): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}
