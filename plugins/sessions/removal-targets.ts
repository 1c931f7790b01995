import { type Context, flag, plural, type Scope, type Selection, usage } from 'ainative-code'
import { findTargets, selectIds } from './targets.ts'

/** The flags of the commands that delete or purge sessions. */
export const removalFlags = {
  all: flag('All sessions, or all that match the selection flags'),
  confirm: flag('Ask for confirmation first'),
  force: flag('Do not ask for confirmation, even for --all').meta({ alias: 'f' }),
  yes: flag('Same as --force').meta({ alias: 'y' }),
  dryRun: flag('List the sessions without removing them'),
}

interface RemovalInput extends Selection {
  ids: string[]
  all: boolean
  confirm: boolean
  force: boolean
  yes: boolean
  dryRun: boolean
}

/**
 * Resolves the ids of the sessions to remove and asks for confirmation if `--confirm` is set. Returns no ids if the answer is no. `verb`
 * begins the question, such as `Delete`. Throws a Problem for flags that cannot be combined.
 */
export async function findRemovalTargets(
  context: Context,
  command: string,
  verb: string,
  input: RemovalInput,
  scope: Scope = 'live',
): Promise<string[]> {
  const { ids: words, all, confirm, force: forced, yes, dryRun, ...selection } = input
  const force = forced || yes
  if (all && words.length > 0) throw usage(`${command} takes ids or --all, not both`)
  if (all && !confirm && !force && !dryRun) throw usage(`${command} --all requires --confirm (ask first) or --force (do not ask)`)
  const ids = all ? await selectIds(context, selection, scope) : await findTargets(context, command, words, selection, scope, 'exact')
  if (dryRun || force || !confirm || ids.length === 0) return ids
  const confirmed = await context.ask(`${verb} ${ids.length === 1 ? ids[0] : plural(ids.length, 'session')}?`, '--force')
  if (!confirmed) context.note('canceled: nothing was removed')
  return confirmed ? ids : []
}
