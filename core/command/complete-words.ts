import type { Field } from '../contract/field.ts'
import type { AnyCommand, CommandEntry, Host } from '../contract/host.ts'
import type { Candidate } from '../contract/view.ts'
import { COLOR_MODES } from '../output/display-flags.ts'
import { COMMON_FLAGS } from './argv.ts'
import { loadCommand } from './command.ts'
import { fieldsOf } from './command-fields.ts'
import { LIMIT, valuesOf } from './completers.ts'
import { findCommand } from './find-command.ts'
import { fieldNames } from './projection.ts'
import { hasHeader, PROJECTION_FLAGS } from './projection-flags.ts'

/** Returns the completions of the last word. `prompt` is true for a line of the shell. */
export async function completeWords(host: Host, words: readonly string[], prompt: boolean): Promise<Candidate[]> {
  const word = words.at(-1) ?? ''
  const earlier = words.slice(0, -1)
  const before = prompt ? earlier : afterLeading(earlier)
  if (before === undefined) return COLOR_MODES.filter((value) => value.startsWith(word)).map((value) => ({ value }))
  if (before.length === 0 && word.startsWith('-') && !prompt) return LEADING.filter(({ value }) => value.startsWith(word))
  const found = findCommand(host, before)
  const own = found ? await afterCommand(host, found.entry, found.rest, word) : []
  const candidates = [...commandWords(host, before, word, prompt), ...own].filter(({ value }) => value.startsWith(word))
  return unique(candidates).slice(0, LIMIT)
}

/** Returns the words after the flags before the command; undefined if the next word is the value of such a flag. */
function afterLeading(words: readonly string[]): readonly string[] | undefined {
  const at = words.findIndex((word, i) => !word.startsWith('-') && words[i - 1] !== '--color')
  if (at < 0 && words.at(-1) === '--color') return undefined
  return at < 0 ? [] : words.slice(at)
}

const unique = (candidates: Candidate[]) => [...new Map(candidates.map((each) => [each.value, each])).values()]

/** Returns the next words of the commands that start with these words. For a command with aliases, the first matching name counts. */
function commandWords(host: Host, before: readonly string[], word: string, prompt: boolean): Candidate[] {
  const start = before.map((each) => `${each} `).join('')
  return host
    .commands()
    .all()
    .filter((entry) => !entry.hidden)
    .flatMap((entry) => {
      const name = namesOf(entry, prompt).find((each) => each.startsWith(start + word))
      if (name === undefined) return []
      const [value = '', ...rest] = name.slice(start.length).split(' ')
      return [rest.length === 0 ? { value, about: entry.summary } : { value }]
    })
}

const namesOf = (entry: CommandEntry, prompt: boolean) => [
  entry.name,
  ...(entry.aliases ?? []),
  ...((!prompt && 'argvAliases' in entry && entry.argvAliases) || []),
]

/** Returns the completions after a command's name and these words. */
async function afterCommand(host: Host, entry: CommandEntry, before: readonly string[], word: string): Promise<Candidate[]> {
  const built = 'inputFields' in entry ? entry.inputFields : undefined
  const command = await loadCommand(entry)
  const position = positionOf(command, built ?? fieldsOf(command), before)
  const [, flag = '', text] = /^(--[^=]+=)?(.*)$/s.exec(word) ?? []
  if (flag && !position.ended) {
    const field = position.flags.find((each) => `${each.flag}=` === flag && each.kind !== 'switch')
    const values = field ? await valuesOf(host, field, text ?? '') : []
    return values.map((each) => ({ ...each, value: flag + each.value }))
  }
  if (position.value) return valuesOf(host, position.value, word)
  if (position.word?.complete === 'command') return commandWords(host, before, word, false)
  const flags = position.ended ? [] : position.flags.filter(({ key, kind }) => kind === 'list' || !position.used.has(key))
  const named = flags.map(({ flag, description }): Candidate => ({ value: flag, about: description }))
  // Display flags are offered only if no other flag matches.
  const own = named.filter(({ value }) => value !== '--color' && value !== '--no-pager')
  if (word.startsWith('-')) return own.some(({ value }) => value.startsWith(word)) ? own : named
  const values = position.word ? await valuesOf(host, position.word, word, position) : []
  return values.length > 0 || word !== '' ? values : own
}

/** A flag to complete. */
type Flag = Pick<Field, 'key' | 'flag' | 'kind' | 'alias' | 'description' | 'complete' | 'choices'> & { names?: string[] }

/** The position of the word to complete. */
interface Position {
  flags: Flag[]
  /** The keys of the flags on the line. */
  used: Set<string>
  /** The flag whose value is completed. */
  value?: Flag
  /** The positional argument that is completed, and the number of its earlier words. */
  word?: Field
  index: number
  /** The earlier words that are neither flags nor values of flags. */
  words: string[]
  /** True after `--`, where no word is a flag. */
  ended: boolean
}

function positionOf(command: AnyCommand, fields: Field[], before: readonly string[]): Position {
  const args = (command.args ?? []).flatMap((key) => fields.filter((field) => field.key === key))
  const own: Flag[] = fields.filter((field) => !args.includes(field))
  const flags = [...own, ...commonFlags(command, own)]
  const position: Position = { flags, used: new Set(), index: 0, words: [], ended: false }
  const { words } = position
  for (const word of before) {
    if (position.value) position.value = undefined
    else if (position.ended || !word.startsWith('-') || word === '-') words.push(word)
    else if (word === '--') position.ended = true
    else {
      const flag = flags.find((each) => each.flag === word.split('=')[0] || `-${each.alias}` === word)
      if (flag) position.used.add(flag.key)
      if (flag && flag.kind !== 'switch' && !word.includes('=')) position.value = flag
    }
  }
  const at = Math.min(words.length, args.length - 1)
  const word = args[at]
  return word && (words.length <= at || word.kind === 'list') ? { ...position, word, index: words.length - at } : position
}

/** Returns the common flags that have an effect on this command. */
const commonFlags = (command: AnyCommand, own: Flag[]): Flag[] =>
  COMMON_FLAGS.filter(
    ({ key }) =>
      key !== 'debug' &&
      key !== 'plugins' &&
      !own.some((field) => field.key === key) &&
      (key !== 'format' || command.formats) &&
      (key !== 'header' || hasHeader(command)),
  ).map((flag) => ({
    ...flag,
    ...(flag.key === 'format' && { choices: [...(command.formats ?? [])] }),
    ...(flag.key === 'color' && { choices: [...COLOR_MODES] }),
    ...(flag.key === 'fields' && { names: fieldNames(command) }),
  }))

/** The flags that are valid before a command. */
const LEADING = COMMON_FLAGS.filter(
  ({ key }) => !['format', 'json', ...PROJECTION_FLAGS.map((flag) => flag.key as string)].includes(key),
).map(({ flag, description }): Candidate => ({ value: flag, about: description }))
