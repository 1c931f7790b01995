import type { Context } from './command.ts'
import type { Host } from './host.ts'
import { nearest } from './nearest.ts'
import { Problem, usage } from './problem.ts'
import type { Store } from './store.ts'
import { idsOf } from './variables.ts'

const SHOWN = 10

/** Which sessions an id may mean: those in use, or those in the trash. */
export type Scope = 'live' | 'trash'

/** The full id that a word means: all of it, a prefix of 4 or more characters that only one session has, or `@name` of one session. */
export async function findId(host: Host, word: string, scope: Scope = 'live'): Promise<string> {
  const store = await host.store()
  if (!word.startsWith('@')) return byPrefix(store, word, scope)
  const ids = idsOf(host.variables, word)
  if (ids.length === 1 && ids[0]) return byPrefix(store, ids[0], scope)
  throw usage(`${word} holds ${ids.length} session ids, and this takes one`)
}

async function byPrefix(store: Store, word: string, scope: Scope): Promise<string> {
  const shown = JSON.stringify(word)
  if (!/^[0-9a-z]+$/.test(word) || word.length > 12) return missing(store, word, `${shown} is not a session id`)
  if (word.length < 4) throw new Problem('short-id', `the id ${shown} is too short`, { hint: 'give 4 or more of its characters' })
  const matches = await store.idsWithPrefix(word, scope === 'trash', SHOWN + 1)
  if (matches.length === 1 && matches[0]) return matches[0].id
  if (matches.length > 1) {
    const list = matches.slice(0, SHOWN).map((each) => `\n  ${each.id}  ${JSON.stringify(each.title).slice(1, -1)}`)
    throw new Problem('ambiguous-id', `the id ${shown} is ambiguous:${list.join('')}${matches.length > SHOWN ? '\n  …' : ''}`, {
      hint: 'give more of its characters',
    })
  }
  const [other] = await store.idsWithPrefix(word, scope !== 'trash', 1)
  if (other && scope === 'live') {
    throw new Problem('trashed', `the session ${other.id} is in the trash`, {
      hint: `ainative-code session restore ${other.id} brings it back`,
    })
  }
  if (other)
    throw new Problem('not-trashed', `the session ${other.id} is not in the trash`, {
      hint: `ainative-code session delete ${other.id} moves it there`,
    })
  return missing(store, word, `there is no session ${shown}`)
}

async function missing(store: Store, word: string, message: string): Promise<never> {
  const close = nearest(word.toLowerCase().slice(0, 24), await store.allIds())
  throw new Problem('no-session', message, { hint: close ? `did you mean ${close}?` : 'ainative-code session list --all shows all ids' })
}

/**
 * The ids that words mean, each once, in order. `-` stands for those on standard input, one a line (JSON rows do too), and `@name` for
 * those in what the variable `$name` of the shell or of a script holds.
 */
export async function findIds(context: Context, words: readonly string[], scope: Scope = 'live'): Promise<string[]> {
  const store = await context.host.store()
  const ids = new Set<string>()
  for (const word of words) {
    for await (const given of wordsIn(context, word)) ids.add(await byPrefix(store, given, scope))
  }
  return [...ids]
}

async function* wordsIn({ host, stdin }: Context, word: string): AsyncIterable<string> {
  if (word.startsWith('@')) yield* idsOf(host.variables, word)
  else if (word !== '-') yield word
  else for await (const line of (await import('./lines.ts')).readLines(stdin())) if (line.trim()) yield idIn(line.trim())
}

function idIn(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    return String(JSON.parse(line).id)
  } catch {
    throw usage(`standard input has a line that is neither an id nor JSON: ${JSON.stringify(line.slice(0, 60))}`)
  }
}
