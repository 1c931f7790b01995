import { type Context, type Plan, type Session, select } from 'ainative-code'

/** Yields the pinned sessions of a plan, then the other sessions, each group in the order of the plan. */
export async function* selectPinnedFirst(
  context: Pick<Context, 'host' | 'signal'>,
  plan: Plan,
  where: string | undefined,
): AsyncIterable<Session> {
  let remaining = plan.limit ?? Number.POSITIVE_INFINITY
  for (const pinned of [true, false]) {
    if (remaining <= 0) return
    const part: Plan = { ...plan, where: { and: [plan.where ?? { and: [] }, { pinned }] }, limit: plan.limit && remaining }
    for await (const session of select(context, part, where)) {
      remaining--
      yield session
    }
  }
}
