import type { Host } from '../host.ts'
import { oneLine } from '../output.ts'
import { shorten } from '../width.ts'

const PLAIN = 'ainative> '
const COLUMNS = 30

/** `ainative> `, with the active session's title where there is one that can be read. */
export async function promptOf(host: Host): Promise<string> {
  try {
    const store = await host.store()
    for await (const { title } of store.list({ sort: 'activated', limit: 1, where: { trashed: false } }))
      return `ainative (${await shorten(oneLine(title).trim(), COLUMNS)})> `
  } catch {
    // A shell without a store still answers.
  }
  return PLAIN
}
