import { type Context, flag, type Scope, type Selection, usage } from 'ainative-code'
import { plural, selectIds, targets } from './targets.ts'

/** The flags of the commands that take sessions away. */
export const removalFlags = {
  all: flag('All of them'),
  confirm: flag('Ask first'),
  force: flag('Do not ask, not even for --all').meta({ alias: 'f' }),
  yes: flag('The same as --force').meta({ alias: 'y' }),
  dryRun: flag('Only list what would go'),
}

interface Removal extends Selection {
  ids: string[]
  all: boolean
  confirm: boolean
  force: boolean
  yes: boolean
  dryRun: boolean
}

/** The ids to take away once every needed yes was given; none where the answer was no. */
export async function removalTargets(
  context: Context,
  command: string,
  verb: string,
  given: Removal,
  scope: Scope = 'live',
): Promise<string[]> {
  const { ids: words, all, confirm, force: forced, yes, dryRun, ...selection } = given
  const force = forced || yes
  if (all && words.length > 0) throw usage(`${command} takes ids or --all, not both`)
  if (all && !confirm && !force && !dryRun) throw usage(`${command} --all needs --confirm, which asks, or --force, which does not`)
  const ids = all ? await selectIds(context, selection, scope) : await targets(context, command, words, selection, scope, 'exact')
  if (dryRun || force || !confirm || ids.length === 0) return ids
  const sure = await context.ask(`${verb} ${ids.length === 1 ? ids[0] : plural(ids.length)}?`, '--force')
  if (!sure) context.note('nothing was done')
  return sure ? ids : []
}
