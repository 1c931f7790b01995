import { type Context, findIds, hasSelection, type Scope, type Selection, select, type Titles, toExpr, usage } from 'ainative-code'

/** The ids that words name or that flags select; both at once is wrong usage, and so is neither. */
export async function targets(
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
  if (ids.length === 0) throw usage(`${command} needs session ids or flags that select sessions`, `ainative-code ${command} --help`)
  return findIds(context, ids, scope, titles)
}

/** All ids that a selection matches; an empty one matches every session of the scope. */
export async function selectIds(context: Context, selection: Selection, scope: Scope = 'live'): Promise<string[]> {
  const ids: string[] = []
  const where = toExpr(selection, scope === 'trash' ? 'deleted_at' : 'updated_at')
  for await (const { id } of select(context, { where }, selection.where)) ids.push(id)
  return ids
}

/** For commands that begin with one ID word: that id (or those on stdin, for `-`) and the other words. */
export async function firstTarget(
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
  if (first === undefined) throw usage(`${command} needs a session id`, `ainative-code ${command} --help`)
  const ids = await findIds(context, [first])
  if (ids.length === 0 && !selection) throw usage(`${command} needs a session id, and standard input names none`)
  return { ids, rest }
}

/** Six characters of an id hardly ever spell a tag; a title may. */
async function isId({ host }: Context, word: string): Promise<boolean> {
  if (word === '-' || word.startsWith('@')) return true
  if (!/^[0-9a-z]{6,12}$/.test(word)) return false
  return (await (await host.store()).idsWithPrefix(word, false, 2)).length === 1
}

/** A key as the guide shows it: `Project`. */
export const capital = (key: string) => key.charAt(0).toUpperCase() + key.slice(1)

export const plural = (count: number, noun = 'session') => `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
