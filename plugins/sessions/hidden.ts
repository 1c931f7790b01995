import type { Context } from 'ainative-code'
import { plural } from './targets.ts'

/** Notes that hidden messages were left out, if any were. */
export function noteHidden(count: number, verb: 'shows' | 'exports', { note }: Pick<Context, 'note'>): void {
  if (count > 0) note(`${plural(count, 'hidden message')} left out; --hidden ${verb} ${count === 1 ? 'it' : 'them'}`)
}
