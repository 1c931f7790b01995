import type { Key } from 'node:readline'
import { interrupted } from 'ainative-code'
import { createKeys } from './keypress.ts'
import type { Token } from './keys.ts'

/** An event of a terminal: a key, typed or pasted text, or a new size. */
export type ScreenEvent = { kind: 'key'; key: Key } | { kind: 'text'; text: string } | { kind: 'resize' }

/** A queue of events, which ends with a failure. */
export function createEvents() {
  const queue: ScreenEvent[] = []
  let failure: { error: unknown } | undefined
  let wake = () => {}
  return {
    push(event: ScreenEvent) {
      queue.push(event)
      wake()
    },
    fail(error: unknown) {
      failure ??= { error }
      wake()
    },
    async next(): Promise<ScreenEvent> {
      for (;;) {
        if (failure) throw failure.error
        const event = queue.shift()
        if (event) return event
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

/** Converts tokens to events until the input ends. */
export async function pushEvents(next: () => Promise<Token>, { push }: { push(event: ScreenEvent): void }): Promise<never> {
  const keysOf = createKeys()
  for (;;) {
    const token = await next()
    if (token.kind === 'end') throw interrupted()
    if (token.kind === 'text') push({ kind: 'text', text: token.text })
    else if (token.pasted) push({ kind: 'text', text: ' ' })
    else if (token.kind === 'enter') push({ kind: 'key', key: { name: 'return' } })
    else for (const [, key] of keysOf(token)) push({ kind: 'key', key })
  }
}
