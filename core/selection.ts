import * as z from 'zod'
import { DateFlag } from './dates.ts'
import type { Host } from './host.ts'
import type { Predicate } from './hooks.ts'
import { Problem } from './problem.ts'
import { type Session, STATUSES, sessionRow } from './session.ts'
import type { Expr, Plan } from './store.ts'

/** The flags that choose sessions, the same for every command that takes many. All that are given must hold. */
export const Selection = z.object({
  search: z.string().optional().describe('Title holds this text, whatever its case').meta({ value: 'text' }),
  tag: z.array(z.string()).optional().describe('Has this tag').meta({ value: 'tag' }),
  project: z.string().optional().describe('Its metadata names this project').meta({ value: 'name' }),
  provider: z.string().optional().describe('Of this provider').meta({ value: 'name' }),
  model: z.string().optional().describe('Of this model').meta({ value: 'name' }),
  status: z.enum([...STATUSES, 'deleted']).optional().describe('In this state').meta({ value: 'status' }),
  since: DateFlag.optional().describe('Created on this date or later').meta({ value: 'date' }),
  until: DateFlag.optional().describe('Created on this date or earlier').meta({ value: 'date' }),
  before: DateFlag.optional().describe('Created before this date').meta({ value: 'date' }),
  olderThan: DateFlag.optional().describe('Not updated for this long, such as 30d').meta({ value: 'age' }),
  where: z.string().optional().describe('A JSONata predicate over one session').meta({ value: 'jsonata' }),
})
export type Selection = z.output<typeof Selection>

const KEYS = Object.keys(Selection.shape) as (keyof Selection)[]

/** Whether any selection flag was given. */
export const hasSelection = (input: Selection) => KEYS.some((key) => input[key] !== undefined)

/** The selection as what a store understands; --where is not in it. `olderThan` says which time --older-than looks at. */
export function toExpr(input: Selection, olderThan: 'updated_at' | 'deleted_at' = 'updated_at'): Expr {
  const all: Expr[] = [{ trashed: input.status === 'deleted' || olderThan === 'deleted_at' }]
  if (input.search !== undefined) all.push({ titleHolds: input.search })
  for (const tag of input.tag ?? []) all.push({ tag })
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

/** The sessions of a plan for which --where holds too. */
export async function* select(host: Host, plan: Plan, where: string | undefined): AsyncIterable<Session> {
  const store = await host.store()
  if (where === undefined) {
    yield* store.list(plan)
    return
  }
  const test = await predicate(host, where)
  let left = plan.limit ?? Number.POSITIVE_INFINITY
  for await (const session of store.list({ ...plan, limit: undefined })) {
    if (!(await test(sessionRow(session)))) continue
    yield session
    if (--left <= 0) return
  }
}

async function predicate(host: Host, text: string): Promise<Predicate> {
  const test = await host.hooks.where.promise(text)
  if (test) return test
  throw new Problem('no-query', 'no plugin can answer --where', { hint: 'the shipped plugin query does' })
}
