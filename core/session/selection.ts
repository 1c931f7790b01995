import * as z from 'zod'
import type { Context, Host, Predicate } from '../contract/host.ts'
import type { Expr, Plan } from '../contract/plan.ts'
import type { Session } from '../contract/session.ts'
import { once } from '../kernel/once.ts'
import { Problem } from '../kernel/problem.ts'
import { dateFlag } from './dates.ts'
import { queryRow, STATUSES } from './session.ts'

/** An empty text would match everything: `--search "$X"` with X unset must not empty a database. */
const Text = () => z.string().min(1, 'it is empty, which would select everything')

/** The flags that select sessions. Every command that takes several sessions has them; a session must match all that are given. */
export const Selection = once(() => {
  // Each schema takes a tenth of a millisecond of a start, so the fields share theirs.
  const text = Text().optional()
  const date = dateFlag().optional()
  return z.object({
    search: text.meta({ description: 'Title holds this text, whatever its case', value: 'text' }),
    text: text.meta({ description: 'Holds these words, in its title or a message', value: 'words' }),
    tag: z.array(Text()).optional().meta({ description: 'Has this tag, or all of these: go,api', value: 'tag', complete: 'tags' }),
    project: text.meta({ description: 'Its metadata names this project', value: 'name', complete: 'project' }),
    provider: text.meta({ description: 'Of this provider', value: 'name', complete: 'provider' }),
    model: text.meta({ description: 'Of this model', value: 'name', complete: 'model' }),
    status: z
      .enum([...STATUSES, 'deleted'])
      .optional()
      .meta({ description: 'In this state', value: 'status' }),
    since: date.meta({ description: 'Created on this date or later', value: 'date' }),
    until: date.meta({ description: 'Created on this date or earlier', value: 'date' }),
    before: date.meta({ description: 'Created before this date', value: 'date' }),
    olderThan: date.meta({ description: 'Not updated for this long, such as 30d', value: 'age' }),
    where: text.meta({ description: 'A JSONata predicate over one session', value: 'jsonata', complete: 'jsonata' }),
  })
})
export type Selection = z.output<ReturnType<typeof Selection>>

const keys = once(() => Object.keys(Selection().shape) as (keyof Selection)[])

/** Whether any selection flag was given. */
export const hasSelection = (input: Selection) => keys().some((key) => input[key] !== undefined)

/** The selection as what a store understands; --where is not in it. `olderThan` says which time --older-than looks at. */
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

/** `go, api,,go` as ['go', 'api']. */
export const splitTags = (text: string) => [...new Set(text.split(',').flatMap((tag) => tag.trim() || []))]

/** The tag as it stands there, which an import may have brought, or each of those between its commas. */
function hasTag(text: string): Expr {
  const tags = text.includes(',') ? splitTags(text) : []
  return tags.length > 0 ? { or: [{ tag: text }, { and: tags.map((tag) => ({ tag })) }] } : { tag: text }
}

/** The sessions of a plan for which --where holds too. */
export async function* select({ host, signal }: Chooser, plan: Plan, where: string | undefined): AsyncIterable<Session> {
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

type Chooser = Pick<Context, 'host' | 'signal'>

/** How many sessions --where is asked about at once. */
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
  throw new Problem('no-query', 'no plugin can answer --where', { hint: 'the shipped plugin query does' })
}
