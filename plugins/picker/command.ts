import { type Context, defineCommand, type Expr, flag, type Host, interrupted, Problem, type Session } from 'ainative-code'
import * as z from 'zod'
import { openIncrementalSearch } from '../search/index.ts'
import { selectPinnedFirst } from '../sessions/index.ts'
import { openScreen, type Screen } from '../shell/index.ts'
import { runPicker } from './picker.ts'
import type { Choice } from './picker-options.ts'

/** The command `session pick`. */
export const pick = defineCommand({
  name: 'session pick',
  summary: 'Select sessions by title and content as you type',
  group: 'Sessions',
  argvAliases: ['sessions pick'],
  key: { ctrl: 't', words: ['session', 'pick', '--print'] },
  writes: false,
  args: ['words'],
  input: z.object({
    words: z.array(z.string()).default([]).meta({ value: 'words' }),
    print: flag('Print the ids, even on a terminal'),
  }),
  examples: ['ainative-code session pick jwt', 'ainative-code session export $(ainative-code session pick)'],
  async run({ words, print }, context) {
    const printsIds = print || !context.interactive || context.format !== 'text'
    const { ids, chats } = await choose(words.join(' '), !printsIds, context)
    if (printsIds) return ids
    const line = chats ? ['chat', '-s', ...ids] : ['session', 'show', ...ids]
    await context.runLine(line, { enters: chats })
    displayed.add(ids)
    return ids
  },
  print: (ids) => (displayed.has(ids) ? '' : ids.map((id) => `${id}\n`).join('')),
})

/** Results whose sessions the command has displayed, so that `print` omits their ids. */
const displayed = new WeakSet<string[]>()

/** Runs the picker and returns the choice. Throws the Problem of an interrupt if the user closes the picker without a choice. */
async function choose(query: string, opensSession: boolean, context: Context): Promise<Choice> {
  const sessions = await requireSessions(selectPinnedFirst(context, { where: IN_LIST, sort: 'date' }, undefined))
  const screen = await open(context)
  const search = await openIncrementalSearch(context.host).catch((error) => {
    screen.close()
    throw error
  })
  try {
    const choice = await runPicker(screen, { query, opensSession, find: search.find, sessions, context })
    if (!choice) throw interrupted()
    return choice
  } finally {
    screen.close()
    // The search may still be running; do not wait for its end.
    void search.close()
  }
}

/** The sessions that `session list` shows: neither archived nor in the trash. */
const IN_LIST: Expr = { and: [{ trashed: false }, { not: { field: 'status', is: 'archived' } }] }

/** Returns the same sessions. Throws a Problem if there are none or the first is unreadable, before the screen opens. */
async function requireSessions(sessions: AsyncIterable<Session>): Promise<AsyncIterable<Session>> {
  const iterator = sessions[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done) throw new Problem('no-session', 'no sessions to pick from', { hint: 'ainative-code chat starts a session' })
  return (async function* () {
    yield first.value
    yield* { [Symbol.asyncIterator]: () => iterator }
  })()
}

const hintOf = (host: Host) =>
  `without a terminal, use ainative-code ${host.commands().find('session search') ? 'session search WORDS, or session list' : 'session list --search TEXT'}`

async function open({ host, signal }: Context): Promise<Screen> {
  if (host.env.TERM === 'dumb')
    throw new Problem('no-terminal', 'session pick cannot run on a terminal with TERM=dumb', { hint: hintOf(host), exit: 2 })
  try {
    return await openScreen(signal)
  } catch (error) {
    if (error instanceof Problem && error.code === 'no-terminal')
      throw new Problem('no-terminal', 'session pick requires a terminal', { hint: hintOf(host), exit: 2 })
    throw error
  }
}
