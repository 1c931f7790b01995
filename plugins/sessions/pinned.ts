import { type Context, type Plan, type Session, select } from 'ainative-code'

/** The pinned sessions of a plan, then its other sessions, each in the plan's order. */
export async function* selectPinnedFirst(
  context: Pick<Context, 'host' | 'signal'>,
  plan: Plan,
  where: string | undefined,
): AsyncIterable<Session> {
  let left = plan.limit ?? Number.POSITIVE_INFINITY
  for (const pinned of [true, false]) {
    if (left <= 0) return
    const part: Plan = { ...plan, where: { and: [plan.where ?? { and: [] }, { pinned }] }, limit: plan.limit && left }
    for await (const session of select(context, part, where)) {
      left--
      yield session
    }
  }
}
