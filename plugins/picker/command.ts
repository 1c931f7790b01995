import { type Context, defineCommand, type Expr, flag, type Host, interrupted, Problem, type Session } from 'ainative-code'
import * as z from 'zod'
import { openFinder } from '../search/index.ts'
import { selectPinnedFirst } from '../sessions/index.ts'
import { openScreen, type Screen } from '../shell/index.ts'
import type { Choice } from './options.ts'
import { runPicker } from './picker.ts'

export const pick = defineCommand({
  name: 'session pick',
  summary: 'Choose sessions by title and content as you type',
  group: 'Sessions',
  argvAliases: ['sessions pick'],
  key: { ctrl: 't', words: ['session', 'pick', '--print'] },
  writes: false,
  args: ['words'],
  input: z.object({
    words: z.array(z.string()).default([]).meta({ value: 'words' }),
    print: flag('Print the ids, also on a terminal'),
  }),
  examples: ['ainative-code session pick jwt', 'ainative-code session export $(ainative-code session pick)'],
  async run({ words, print }, context) {
    const prints = print || !context.interactive || context.format !== 'text'
    const { ids, chats } = await choose(words.join(' '), !prints, context)
    if (prints) return ids
    const line = chats ? ['chat', '-s', ...ids] : ['session', 'show', ...ids]
    await context.runLine(line, { enters: chats })
    shown.add(ids)
    return ids
  },
  print: (ids) => (shown.has(ids) ? '' : ids.map((id) => `${id}\n`).join('')),
})

/** Ids whose sessions were shown, so that they are only the last result. */
const shown = new WeakSet<string[]>()

/** The sessions that a person chooses; an interruption where the person leaves without one. */
async function choose(query: string, acts: boolean, context: Context): Promise<Choice> {
  const sessions = await someOf(selectPinnedFirst(context, { where: IN_LIST, sort: 'date' }, undefined))
  const screen = await open(context)
  const finder = await openFinder(context.host).catch((error) => {
    screen.close()
    throw error
  })
  try {
    const choice = await runPicker(screen, { query, acts, find: finder.find, sessions, context })
    if (!choice) throw interrupted()
    return choice
  } finally {
    screen.close()
    // It may be searching, which nobody waits for.
    void finder.close()
  }
}

/** Those that a list shows: not in the trash, not archived. */
const IN_LIST: Expr = { and: [{ trashed: false }, { not: { field: 'status', is: 'archived' } }] }

/** The same sessions; a Problem where there are none, or where none can be read, while the terminal is still as it was. */
async function someOf(sessions: AsyncIterable<Session>): Promise<AsyncIterable<Session>> {
  const iterator = sessions[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done) throw new Problem('no-session', 'there is no session to pick', { hint: 'ainative-code chat starts one' })
  return (async function* () {
    yield first.value
    yield* { [Symbol.asyncIterator]: () => iterator }
  })()
}

const hintOf = (host: Host) =>
  `without a terminal, use ainative-code ${host.commands().find('session search') ? 'session search WORDS, or session list' : 'session list --search TEXT'}`

async function open({ host, signal }: Context): Promise<Screen> {
  if (host.env.TERM === 'dumb')
    throw new Problem('no-terminal', 'session pick cannot draw on a terminal of type dumb', { hint: hintOf(host), exit: 2 })
  try {
    return await openScreen(signal)
  } catch (error) {
    if (error instanceof Problem && error.code === 'no-terminal')
      throw new Problem('no-terminal', 'session pick needs a terminal, and there is none', { hint: hintOf(host), exit: 2 })
    throw error
  }
}
