import * as z from 'zod'
import type { Context, Host } from '../contract/host.ts'
import type { Expr, Plan } from '../contract/plan.ts'
import type { Predicate } from '../contract/query.ts'
import type { Session } from '../contract/session.ts'
import { once } from '../kernel/once.ts'
import { Problem } from '../kernel/problem.ts'
import { dateFlag } from './dates.ts'
import { queryRow, STATUSES } from './session.ts'

/** A schema of a text that is not empty. An empty text would match everything, so `--search "$X"` without $X could delete all sessions. */
const Text = () => z.string().min(1, 'it is empty, which would select everything')

/** The schema of the flags that select sessions. A session has to match every flag that is set. */
export const Selection = once(() => {
  // The fields share schemas, since each schema adds 0.1 ms to a start.
  const text = Text().optional()
  const date = dateFlag().optional()
  return z.object({
    search: text.meta({ description: 'Title contains this text (case-insensitive)', value: 'text' }),
    text: text.meta({ description: 'Title or a message contains these words', value: 'words' }),
    tag: z.array(Text()).optional().meta({ description: 'Has this tag, or all of these tags: go,api', value: 'tag', complete: 'tags' }),
    project: text.meta({ description: 'Project in the metadata', value: 'name', complete: 'project' }),
    provider: text.meta({ description: 'Provider of the session', value: 'name', complete: 'provider' }),
    model: text.meta({ description: 'Model of the session', value: 'name', complete: 'model' }),
    status: z
      .enum([...STATUSES, 'deleted'])
      .optional()
      .meta({ description: 'Status of the session', value: 'status' }),
    since: date.meta({ description: 'Created on this date or later', value: 'date' }),
    until: date.meta({ description: 'Created on this date or earlier', value: 'date' }),
    before: date.meta({ description: 'Created before this date', value: 'date' }),
    olderThan: date.meta({ description: 'Not updated for this long, such as 30d', value: 'age' }),
    where: text.meta({ description: 'A JSONata predicate over one session', value: 'jsonata', complete: 'jsonata' }),
  })
})
/** The values of the flags that select sessions. */
export type Selection = z.output<ReturnType<typeof Selection>>

const keys = once(() => Object.keys(Selection().shape) as (keyof Selection)[])

/** True if a selection flag is set. */
export const hasSelection = (input: Selection) => keys().some((key) => input[key] !== undefined)

/** Converts the flags, without --where, to the condition of a store. `olderThan` is the time that --older-than compares. */
export function toExpr(input: Selection, olderThan: 'updated_at' | 'deleted_at' = 'updated_at'): Expr {
  const all: Expr[] = [{ trashed: input.status === 'deleted' || olderThan === 'deleted_at' }]
  if (input.search !== undefined) all.push({ titleHolds: input.search })
  if (input.text !== undefined) all.push({ holds: input.text })
  for (const tag of input.tag ?? []) all.push(hasTag(tag))
  for (const field of ['project', 'provider', 'model'] as const) {
    const is = input[field]
    if (is !== undefined) all.push({ field, is })
  }
  if (input.status && input.status !== 'deleted') all.push({ field: 'status', is: input.status })
  if (input.since) all.push({ time: 'created_at', from: input.since.from })
  if (input.until) all.push({ time: 'created_at', before: input.until.end })
  if (input.before) all.push({ time: 'created_at', before: input.before.from })
  if (input.olderThan) all.push({ time: olderThan, before: input.olderThan.from })
  return { and: all }
}

/** Splits tags at commas: `go, api,,go` becomes ['go', 'api']. */
export const splitTags = (text: string) => [...new Set(text.split(',').flatMap((tag) => tag.trim() || []))]

/** Matches the whole text as a tag, since an imported tag can contain commas, or all of the tags between the commas. */
function hasTag(text: string): Expr {
  const tags = text.includes(',') ? splitTags(text) : []
  return tags.length > 0 ? { or: [{ tag: text }, { and: tags.map((tag) => ({ tag })) }] } : { tag: text }
}

/** Returns the sessions of a plan that match --where too. */
export async function* select({ host, signal }: SelectContext, plan: Plan, where: string | undefined): AsyncIterable<Session> {
  const store = await host.store()
  if (where === undefined) {
    yield* store.list(plan)
    return
  }
  const test = await predicate(host, where)
  let left = plan.limit ?? Number.POSITIVE_INFINITY
  for await (const page of pages(store.list({ ...plan, limit: undefined }), TESTED)) {
    const holds = await test(page.map(queryRow), signal)
    for (const session of page.filter((_, i) => holds[i])) {
      yield session
      if (--left <= 0) return
    }
  }
}

type SelectContext = Pick<Context, 'host' | 'signal'>

/** Converts the selection flags to a condition. --where is evaluated first and becomes a list of ids. */
export async function resolveSelection(context: SelectContext, input: Selection): Promise<Expr> {
  const where = toExpr(input)
  if (input.where === undefined) return where
  const ids: string[] = []
  for await (const { id } of select(context, { where }, input.where)) ids.push(id)
  return { ids }
}

/** The number of sessions that --where tests at once. */
const TESTED = 200

async function* pages<T>(items: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let page: T[] = []
  for await (const item of items) {
    page.push(item)
    if (page.length < size) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

async function predicate(host: Host, text: string): Promise<Predicate> {
  const test = await host.hooks.where.promise(text)
  if (test) return test
  throw new Problem('no-query', 'no plugin can answer --where', { hint: 'the built-in plugin query does' })
}
