import { type Host, oneLine, shorten, textCommand } from 'ainative-code'

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

/** Lines for the start of the shell: what there is, and what to type. */
export async function greetingOf(host: Host): Promise<string> {
  const count = await countSessions(host)
  const held = count === undefined ? [] : [count === 0 ? 'No sessions yet' : `${count} session${count === 1 ? '' : 's'}`]
  const words = ['help', textCommand(host)?.name].filter(Boolean).join(' or ')
  return `${[...held, `type ${words}`].join('; ')}\nA query: sessions.title`
}

async function countSessions(host: Host): Promise<number | undefined> {
  try {
    return await (await host.store()).count({ trashed: false })
  } catch {
    return undefined
  }
}
