import { createRequire } from 'node:module'
import { onTestFinished } from 'vitest'
import { type Home, makeHome, type Result } from '../../helpers/cli.ts'
import { runHere } from '../../helpers/here.ts'
import { lastMessages, type Stored } from '../../helpers/messages.ts'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { type Model, openModel } from '../../helpers/wire/server.ts'
import { REDIRECT, type Row } from './rows.ts'

/** A home where this provider is set up with a server at this URL, and with more lines in its block of the config. */
export function homeFor(row: Row, url: string, ...more: string[]): Home {
  const home = makeHome(row.env?.(url))
  if (row.plugin) home.write(USER_CONFIG, `plugins: [${JSON.stringify(row.plugin)}]\n`)
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
  /** The same without a process of its own, where the provider needs no plugin. */
  askHere(...more: string[]): Promise<Result>
  /** The messages of the session that was updated last. */
  stored(): Promise<Stored[]>
}

export async function openChat(row: Row): Promise<Chat> {
  const model = await openModel(row.wire)
  const home = homeFor(row, model.url)
  const argv = (...more: string[]) => ['chat', ...row.flags, ...more]
  const ask = (...more: string[]) => home.run(...argv(...more))
  const askHere = row.plugin ? ask : (...more: string[]) => runHereFor(home, ...argv(...more))
  return { home, model, argv, ask, askHere, stored: () => lastMessages(home) }
}

/** Runs a command in this process, with the redirect that NODE_OPTIONS of the home would load into a process of its own. */
export function runHereFor(home: Home, ...argv: string[]): Promise<Result> {
  const { NODE_OPTIONS, REDIRECT_FROM, REDIRECT_TO } = home.env
  if (NODE_OPTIONS) {
    createRequire(import.meta.url)(REDIRECT)
    Object.assign(process.env, { REDIRECT_FROM, REDIRECT_TO })
    onTestFinished(() => {
      delete process.env.REDIRECT_FROM
      delete process.env.REDIRECT_TO
    })
  }
  return runHere(home, ...argv)
}
