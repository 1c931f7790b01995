import type { Field } from '../contract/field.ts'
import type { AnyCommand, CommandEntry, Host } from '../contract/host.ts'
import type { Candidate } from '../contract/view.ts'
import { WHENS } from '../output/look.ts'
import { COMMON } from './argv.ts'
import { loadCommand } from './command.ts'
import { fieldsOf } from './command-fields.ts'
import { LIMIT, valuesOf } from './completers.ts'
import { findCommand } from './execute.ts'
import { fieldNames } from './projection.ts'
import { hasHeader, NARROW_FLAGS } from './projection-flags.ts'

/** How the last of these words may go on. */
export async function completeWords(host: Host, words: readonly string[], prompt: boolean): Promise<Candidate[]> {
  const word = words.at(-1) ?? ''
  const given = words.slice(0, -1)
  const before = prompt ? given : afterLeading(given)
  if (before === undefined) return WHENS.filter((value) => value.startsWith(word)).map((value) => ({ value }))
  if (before.length === 0 && word.startsWith('-') && !prompt) return LEADING.filter(({ value }) => value.startsWith(word))
  const found = findCommand(host, before)
  const own = found ? await afterCommand(host, found.entry, found.rest, word) : []
  const begins = [...commandWords(host, before, word, prompt), ...own].filter(({ value }) => value.startsWith(word))
  return unique(begins).slice(0, LIMIT)
}

/** The words after the flags that stand before a command; undefined where the value of such a flag comes next. */
function afterLeading(words: readonly string[]): readonly string[] | undefined {
  const at = words.findIndex((word, i) => !word.startsWith('-') && words[i - 1] !== '--color')
  if (at < 0 && words.at(-1) === '--color') return undefined
  return at < 0 ? [] : words.slice(at)
}

const unique = (candidates: Candidate[]) => [...new Map(candidates.map((each) => [each.value, each])).values()]

/** The next words of commands that begin with these; of a command with aliases the first that fits. */
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

/** What may stand after a command's name and these words. */
async function afterCommand(host: Host, entry: CommandEntry, before: readonly string[], word: string): Promise<Candidate[]> {
  const built = 'inputFields' in entry ? entry.inputFields : undefined
  const command = await loadCommand(entry)
  const place = placeOf(command, built ?? fieldsOf(command), before)
  const [, flag = '', text] = /^(--[^=]+=)?(.*)$/s.exec(word) ?? []
  if (flag && !place.ended) {
    const field = place.flags.find((each) => `${each.flag}=` === flag && each.kind !== 'switch')
    const values = field ? await valuesOf(host, field, text ?? '') : []
    return values.map((each) => ({ ...each, value: flag + each.value }))
  }
  if (place.value) return valuesOf(host, place.value, word)
  if (place.word?.complete === 'command') return commandWords(host, before, word, false)
  const flags = place.ended ? [] : place.flags.filter(({ key, kind }) => kind === 'list' || !place.given.has(key))
  const named = flags.map(({ flag, description }): Candidate => ({ value: flag, about: description }))
  // Flags about the look of any output are in the way, but where the word can mean nothing else.
  const own = named.filter(({ value }) => value !== '--color' && value !== '--no-pager')
  if (word.startsWith('-')) return own.some(({ value }) => value.startsWith(word)) ? own : named
  const values = place.word ? await valuesOf(host, place.word, word, place) : []
  return values.length > 0 || word !== '' ? values : own
}

type Flag = Pick<Field, 'key' | 'flag' | 'kind' | 'alias' | 'description' | 'complete' | 'choices'> & { names?: string[] }

interface Place {
  flags: Flag[]
  /** Keys of the flags that stand there already. */
  given: Set<string>
  /** The flag whose value comes next. */
  value?: Flag
  /** The positional that comes next, and how many of its words stand there already. */
  word?: Field
  index: number
  /** The words so far that are neither flags nor their values. */
  words: string[]
  /** After `--`, where nothing is a flag. */
  ended: boolean
}

function placeOf(command: AnyCommand, fields: Field[], before: readonly string[]): Place {
  const args = (command.args ?? []).flatMap((key) => fields.filter((field) => field.key === key))
  const own: Flag[] = fields.filter((field) => !args.includes(field))
  const flags = [...own, ...commonFlags(command, own)]
  const place: Place = { flags, given: new Set(), index: 0, words: [], ended: false }
  const { words } = place
  for (const word of before) {
    if (place.value) place.value = undefined
    else if (place.ended || !word.startsWith('-') || word === '-') words.push(word)
    else if (word === '--') place.ended = true
    else {
      const flag = flags.find((each) => each.flag === word.split('=')[0] || `-${each.alias}` === word)
      if (flag) place.given.add(flag.key)
      if (flag && flag.kind !== 'switch' && !word.includes('=')) place.value = flag
    }
  }
  const at = Math.min(words.length, args.length - 1)
  const word = args[at]
  return word && (words.length <= at || word.kind === 'list') ? { ...place, word, index: words.length - at } : place
}

/** Those that every command has, but for those about the program itself. */
const commonFlags = (command: AnyCommand, own: Flag[]): Flag[] =>
  COMMON.filter(
    ({ key }) =>
      key !== 'debug' &&
      key !== 'plugins' &&
      !own.some((field) => field.key === key) &&
      (key !== 'format' || command.formats) &&
      (key !== 'header' || hasHeader(command)),
  ).map((flag) => ({
    ...flag,
    ...(flag.key === 'format' && { choices: [...(command.formats ?? [])] }),
    ...(flag.key === 'color' && { choices: [...WHENS] }),
    ...(flag.key === 'fields' && { names: fieldNames(command) }),
  }))

/** The flags that may stand before a command. */
const LEADING = COMMON.filter(({ key }) => !['format', 'json', ...NARROW_FLAGS.map((flag) => flag.key as string)].includes(key)).map(
  ({ flag, description }): Candidate => ({ value: flag, about: description }),
)
