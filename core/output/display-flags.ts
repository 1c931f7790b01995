import type { Host, Io } from '../contract/host.ts'
import type { DisplayFlags } from '../contract/view.ts'
import { nearest } from '../kernel/nearest.ts'
import { usage } from '../kernel/problem.ts'

/** The values of `--color`. */
export const COLOR_MODES = ['auto', 'always', 'never'] as const
type ColorMode = (typeof COLOR_MODES)[number]

/** Validates the value of `--color`. Throws a usage Problem for any other value. */
export function colorFlag(value: string | undefined): ColorMode {
  const when = COLOR_MODES.find((each) => each === value)
  if (when) return when
  if (value === undefined) throw usage('--color needs a value', `one of ${COLOR_MODES.join(', ')}`)
  const close = nearest(value, COLOR_MODES)
  throw usage(`--color ${JSON.stringify(value)}: expected ${COLOR_MODES.join(', ')}`, close && `did you mean ${close}?`)
}

/** Reads the flags before a command, and returns them with the remaining words. Throws a usage Problem. */
export function readLeadingFlags(argv: readonly string[]): { flags: DisplayFlags; help: boolean; words: readonly string[] } {
  const flags: DisplayFlags = {}
  let help = false
  let at = 0
  for (; at < argv.length; at++) {
    const word = argv[at] as string
    if (word === '--color') flags.color = colorFlag(argv[++at])
    else if (word.startsWith('--color=')) flags.color = colorFlag(word.slice('--color='.length))
    else if (word === '--no-pager') flags.pager = false
    else if (word === '--help' || word === '-h') help = true
    else if (word !== '--debug' && word !== '--no-plugins') break
  }
  return { flags, help, words: argv.slice(at) }
}

/** Returns the streams with further flags applied. */
export function withDisplayFlags(io: Io, flags: DisplayFlags, host: Pick<Host, 'config' | 'env'>): Io {
  const look = { ...io.look, ...flags }
  const view = { ...io.view, color: isColored(look, io.interactive, host) }
  return { ...io, look, view, page: look.pager === false ? undefined : io.page }
}

/** True if the output is colored. The flag takes precedence over the environment, and the environment over the config. */
function isColored({ color }: DisplayFlags, interactive: boolean, { config, env }: Pick<Host, 'config' | 'env'>): boolean {
  if (color === 'always' || color === 'never') return color === 'always'
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  if (env.CLICOLOR_FORCE && env.CLICOLOR_FORCE !== '0') return true
  const set = color ?? config.defaults.color
  if (set === 'never' || (interactive && env.TERM === 'dumb')) return false
  return interactive || set === 'always'
}

/** True if a full-screen view has colors; the view is drawn on the terminal even if standard output is not a terminal. */
export const paintsScreen = ({ look = {} }: Io, host: Pick<Host, 'config' | 'env'>) => isColored(look, true, host)

/** True if JSON is colored: on a terminal, or with `--color always`. Any other JSON is for programs. */
export const paintsJson = ({ view, interactive, look }: Io) => view.color && (interactive || look?.color === 'always')
