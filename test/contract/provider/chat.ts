import { type Home, makeHome, type Result } from '../../helpers/cli.ts'
import { runHere } from '../../helpers/here.ts'
import { lastMessages, type Stored } from '../../helpers/messages.ts'
import { USER_CONFIG, usePlugins } from '../../helpers/plugins.ts'
import { type Model, openModel } from '../../helpers/wire/server.ts'
import type { Row } from './rows.ts'

/** A home where this provider is set up with a server at this URL, and with more lines in its block of the config. */
export function homeFor(row: Row, url: string, ...more: string[]): Home {
  const home = makeHome(row.env?.(url))
  if (row.plugin) usePlugins(home, { 'mine.ts': row.plugin(url) })
  else {
    const block = row.config?.(url) ?? `llm:\n  ${row.provider}:\n`
    if (row.config || more.length) home.write(USER_CONFIG, block + more.map((line) => `    ${line}\n`).join(''))
  }
  return home
}

/** A home of its own where one provider is set up, and the server behind it. */
export interface Chat {
  home: Home
  model: Model
  /** The flags of a chat with this provider. */
  argv(...more: string[]): string[]
  ask(...more: string[]): Promise<Result>
  /** The same without a process of its own, where the provider needs neither a plugin nor options of Node. */
  askHere(...more: string[]): Promise<Result>
  /** The messages of the session that was updated last. */
  stored(): Promise<Stored[]>
}

export async function openChat(row: Row): Promise<Chat> {
  const model = await openModel(row.wire)
  const home = homeFor(row, model.url)
  const argv = (...more: string[]) => ['chat', ...row.flags, ...more]
  const ask = (...more: string[]) => home.run(...argv(...more))
  const askHere = row.plugin || home.env.NODE_OPTIONS ? ask : (...more: string[]) => runHere(home, ...argv(...more))
  return { home, model, argv, ask, askHere, stored: () => lastMessages(home) }
}
