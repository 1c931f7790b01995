import { type Context, findIds, hasSelection, type Scope, type Selection, select, type Titles, toExpr, usage } from 'ainative-code'

/** Resolves ids from words, or from selection flags. Throws a Problem if both or neither are present. */
export async function findTargets(
  context: Context,
  command: string,
  ids: string[],
  selection: Selection,
  scope: Scope = 'live',
  titles: Titles = 'any',
): Promise<string[]> {
  const selected = hasSelection(selection)
  if (selected && ids.length > 0)
    throw usage(`${command} takes ids or selection flags, not both`, `leave out ${JSON.stringify(ids[0])}, or the flags`)
  if (selected) return selectIds(context, selection, scope)
  if (ids.length === 0) throw usage(`${command} requires session ids or selection flags`, `ainative-code ${command} --help`)
  return findIds(context, ids, scope, titles)
}

/** The ids of the sessions that a selection matches; an empty selection matches every session of the scope. */
export async function selectIds(context: Context, selection: Selection, scope: Scope = 'live'): Promise<string[]> {
  const ids: string[] = []
  const where = toExpr(selection, scope === 'trash' ? 'deleted_at' : 'updated_at')
  for await (const { id } of select(context, { where }, selection.where)) ids.push(id)
  return ids
}

/**
 * Resolves the first word as a session, or `-` as the sessions on standard input, and returns the other words as `rest`. With selection
 * flags, all words are `rest`.
 */
export async function findFirstTarget(
  context: Context,
  command: string,
  words: string[],
  selection?: Selection,
): Promise<{ ids: string[]; rest: string[] }> {
  const [first, ...rest] = words
  if (selection && hasSelection(selection)) {
    if (first !== undefined && (await isId(context, first))) {
      throw usage(`${command} takes an id or selection flags, not both`, `leave out ${JSON.stringify(first)}, or the flags`)
    }
    return { ids: await selectIds(context, selection), rest: words }
  }
  if (first === undefined) throw usage(`${command} requires a session id`, `ainative-code ${command} --help`)
  const ids = await findIds(context, [first])
  if (ids.length === 0 && !selection) throw usage(`${command} requires a session id, but standard input has none`)
  return { ids, rest }
}

/**
 * True if a word names a session by `-`, `@name`, or at least six characters that begin exactly one id. Titles do not count: a title may
 * equal a tag.
 */
async function isId({ host }: Context, word: string): Promise<boolean> {
  if (word === '-' || word.startsWith('@')) return true
  if (!/^[0-9a-z]{6,12}$/.test(word)) return false
  return (await (await host.store()).idsWithPrefix(word, false, 2)).length === 1
}

/** Capitalizes a key: `project` becomes `Project`. */
export const capitalize = (key: string) => key.charAt(0).toUpperCase() + key.slice(1)
