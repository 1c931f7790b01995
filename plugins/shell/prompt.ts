import { type Host, oneLine, plural, shorten, textCommand } from 'ainative-code'

const PLAIN = 'ainative> '
/** The maximum width of the title in the prompt, in columns. */
const MAX_COLUMNS = 30

/** The prompt of the shell: `ainative> `, with the title of the active session if the store is readable. */
export async function promptOf(host: Host): Promise<string> {
  try {
    const store = await host.store()
    for await (const { title } of store.list({ sort: 'activated', limit: 1, where: { trashed: false } }))
      return `ainative (${await shorten(oneLine(title).trim(), MAX_COLUMNS)})> `
  } catch {
    // The shell works without a store, for `help` and `config`.
  }
  return PLAIN
}

/** The greeting of the shell: the number of sessions and the first commands to type. */
export async function greetingOf(host: Host): Promise<string> {
  const count = await countSessions(host)
  const countText = count === undefined ? [] : [count === 0 ? 'No sessions yet' : plural(count, 'session')]
  const words = ['help', textCommand(host)?.name].filter(Boolean).join(' or ')
  return `${[...countText, `type ${words}`].join('; ')}\nexample query: sessions.title`
}

async function countSessions(host: Host): Promise<number | undefined> {
  try {
    return await (await host.store()).count({ trashed: false })
  } catch {
    return undefined
  }
}
