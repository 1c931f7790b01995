import type { Host } from '../host.ts'
import { oneLine } from '../output.ts'
import { isPlain, measureAny, measurePlain } from '../width.ts'

const PLAIN = 'ainative> '
const COLUMNS = 30

/** `ainative> `, with the active session's title where there is one that can be read. */
export async function promptOf(host: Host): Promise<string> {
  try {
    const store = await host.store()
    for await (const { title } of store.list({ sort: 'activated', limit: 1, where: { trashed: false } }))
      return `ainative (${await short(oneLine(title).trim())})> `
  } catch {
    // A shell without a store still answers.
  }
  return PLAIN
}

async function short(title: string): Promise<string> {
  const measure = isPlain(title) ? measurePlain : await measureAny()
  const { index } = measure(title, COLUMNS)
  return index < title.length ? `${title.slice(0, index)}…` : title
}
