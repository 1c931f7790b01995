import type { ReplyEnd } from './output.ts'

/** The progress of the reader of a reply. */
export interface ReplyProgress {
  end(): ReplyEnd
  /** The number of chunks with content. */
  contents(): number
  note(text: string): void
}

/**
 * The maximum time for which a server may keep the connection open after the end of the reply, in milliseconds. Bytes of any kind restart `silence`; only
 * content restarts `total`, so that heartbeats cannot keep the reply open forever.
 */
const LIMITS_MS: Record<ReplyEnd, { silence: number; total: number } | undefined> = {
  open: undefined,
  likely: { silence: 30_000, total: 60_000 },
  certain: { silence: 250, total: 1000 },
}

/** Passes the bytes on, but stops at a limit once the reply may have ended. Adds a note about this, unless the reply had certainly ended. */
export async function* withEndTimeout(
  bytes: AsyncGenerator<Uint8Array>,
  { end, contents, note }: ReplyProgress,
): AsyncGenerator<Uint8Array, undefined> {
  let state = ''
  let since = 0
  for (;;) {
    const now = performance.now()
    const current = `${end()} ${contents()}`
    if (current !== state) since = now
    state = current
    const limits = LIMITS_MS[end()]
    const next = await within(bytes.next(), limits && Math.min(limits.silence, since + limits.total - now))
    if (!next && end() === 'likely') {
      const seconds = Math.round((performance.now() - since) / 1000)
      note(`the server keeps the connection open; the reply was ended after ${seconds} s without more content`)
    }
    if (!next || next.done) return
    yield next.value
  }
}

/** Returns the value of a promise, or undefined after `ms` milliseconds; a later failure of the promise is ignored. */
async function within<T>(promise: Promise<T>, ms: number | undefined): Promise<T | undefined> {
  if (ms === undefined) return promise
  promise.catch(() => undefined)
  let timer: NodeJS.Timeout | undefined
  const quiet = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  try {
    return await Promise.race([promise, quiet])
  } finally {
    clearTimeout(timer)
  }
}
