import type { Context } from '../contract/host.ts'
import type { Session } from '../contract/session.ts'
import type { Store } from '../contract/store.ts'
import { isTapped } from '../kernel/hooks.ts'
import { nearest, notFound } from '../kernel/nearest.ts'
import { Problem, usage } from '../kernel/problem.ts'
import type { Scope, Titles } from './scope.ts'
import { shortText, titleInLine } from './short-text.ts'
import { idsOf } from './variables.ts'

const SHOWN = 10

/** The part of a context that a search for sessions needs. */
type FindContext = Pick<Context, 'host' | 'note' | 'progress' | 'signal'>

/**
 * Returns the full id of one session. The word is an id, a prefix of 4 or more characters, a title, `last` for the session used last, or
 * `@name` for the session in the variable `$name`. Throws a Problem unless the word names exactly one session.
 */
export async function findId(context: FindContext, word: string, scope: Scope = 'live'): Promise<string> {
  if (!word.startsWith('@')) return idOf(context, word, scope, 'any')
  const ids = idsOf(context.host.variables, word)
  if (ids.length === 1 && ids[0]) return idOf(context, ids[0], scope, 'none')
  throw usage(`${word} has ${ids.length} session ids, expected one`)
}

/** Code for titles and `last`, imported lazily since most words are ids. */
const titleLookup = () => import('./find-by-title.ts')

const LAST = 'last'
const ID = /^[0-9a-z]{1,12}$/
const SHORTEST = 4

async function idOf(context: FindContext, word: string, scope: Scope, titles: Titles, looksElsewhere = true): Promise<string> {
  const store = await context.host.store()
  if (word === LAST && titles !== 'none') return (await titleLookup()).lastId(store, scope)
  const isPrefix = ID.test(word) && word.length >= SHORTEST
  const matches = isPrefix ? await store.idsWithPrefix(word, scope === 'trash', SHOWN + 1) : []
  if (matches.length === 1 && matches[0]) return matches[0].id
  const [elsewhere] = isPrefix && matches.length === 0 ? await store.idsWithPrefix(word, scope !== 'trash', 1) : []
  // A full id of a session in the other scope is not searched as a title.
  const id = elsewhere?.id === word ? undefined : await (await titleLookup()).idByTitle(store, word, scope, titles)
  if (id !== undefined) return id
  if (matches.length > 1) throw ambiguous(word, matches)
  if (elsewhere) throw inOtherScope(elsewhere.id, scope)
  if (ID.test(word) && !isPrefix)
    throw new Problem('ambiguous', `the id ${JSON.stringify(word)} is too short`, { hint: `use ${SHORTEST} or more characters of the id` })
  const found = isPrefix && looksElsewhere ? await lookElsewhere(context, word) : undefined
  return found === undefined ? missing(store, word, scope, titles) : idOf(context, found, scope, 'none', false)
}

/** Asks plugins for a session that the store does not have. Returns its id if the store has it now. */
async function lookElsewhere({ host, ...context }: FindContext, word: string): Promise<string | undefined> {
  const found = isTapped(host.hooks.missing) ? await host.hooks.missing.promise(word, context) : undefined
  if (found && found.length > 1) throw ambiguous(word, found)
  return found?.[0]?.id
}

function ambiguous(word: string, matches: Pick<Session, 'id' | 'title'>[]): Problem {
  const list = matches.slice(0, SHOWN).map(({ id, title }) => `\n  ${id}  ${titleInLine(title)}`)
  return new Problem('ambiguous', `the id ${JSON.stringify(word)} is ambiguous:${list.join('')}${matches.length > SHOWN ? '\n  …' : ''}`, {
    hint: 'use more characters of the id',
  })
}

function inOtherScope(id: string, scope: Scope): Problem {
  if (scope === 'live')
    return new Problem('trashed', `the session ${id} is in the trash`, { hint: `ainative-code session restore ${id} brings it back` })
  return new Problem('not-trashed', `the session ${id} is not in the trash`, { hint: `ainative-code session delete ${id} moves it there` })
}

async function missing(store: Store, word: string, scope: Scope, titles: Titles): Promise<never> {
  const short = shortText(word)
  const message = ID.test(word)
    ? notFound('session', short)
    : `${JSON.stringify(short)} is not a session id${titles === 'none' ? '' : ' or title'}`
  const close = nearest(word.toLowerCase().slice(0, 24), await store.allIds())
  const title = close || titles === 'none' ? undefined : await (await titleLookup()).nearestTitle(store, word, scope)
  const meant = close ?? (title && JSON.stringify(title))
  throw new Problem('no-session', message, { hint: meant ? `did you mean ${meant}?` : 'ainative-code session list --all shows all ids' })
}

/**
 * Returns the full ids of several sessions, in order and without repetition. Each word is one of findId, `-` for the lines of standard
 * input (ids, or JSON rows with an id), or `@name` for all sessions in the variable `$name` of the shell or script.
 */
export async function findIds(
  context: Context,
  words: readonly string[],
  scope: Scope = 'live',
  titles: Titles = 'any',
): Promise<string[]> {
  const ids = new Set<string>()
  for (const word of words) {
    const allowed = word.startsWith('@') ? 'none' : titles
    for await (const each of wordsIn(context, word)) ids.add(await idOf(context, each, scope, allowed))
  }
  return [...ids]
}

async function* wordsIn({ host, stdin }: Context, word: string): AsyncIterable<string> {
  if (word.startsWith('@')) yield* idsOf(host.variables, word)
  else if (word !== '-') yield word
  else for await (const line of (await import('../files/lines.ts')).readLines(stdin())) if (line.trim()) yield idIn(line.trim())
}

function idIn(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    return String(JSON.parse(line).id)
  } catch {
    throw usage(`standard input has a line that is neither an id nor JSON: ${JSON.stringify(line.slice(0, 60))}`)
  }
}
