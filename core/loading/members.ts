/** A description of valid values, and the test of a value. */
export type Rule = [expected: string, holds: (value: unknown) => boolean]

/** True for an object or an array. */
export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
/** True for a string. */
export const isString = (value: unknown) => typeof value === 'string'
const isStrings = (value: unknown) => Array.isArray(value) && value.every(isString)

const text: Rule = ['a string', isString]
const texts: Rule = ['a list of strings', isStrings]
const call: Rule = ['a function', (value) => typeof value === 'function']
const around: Rule = [
  'the strings begin, between and end',
  (value) => isObject(value) && [value.begin, value.between, value.end].every(isString),
]
const key: Rule = ['{ ctrl, words }', (value) => isObject(value) && isString(value.ctrl) && isStrings(value.words)]

const NAMES = { aliases: texts, argvAliases: texts }

/** The optional members of each kind of contribution. */
const OPTIONAL: Record<string, Record<string, Rule>> = {
  command: {
    ...NAMES,
    ...{ summary: text, group: text, textHint: text, key, print: call },
    ...{ args: texts, formats: texts, columns: texts, fields: texts, examples: texts },
  },
  format: { ...NAMES, write: call, stream: call, many: around },
  function: { ...NAMES, summary: text, signature: text, prepare: call },
  provider: { ...NAMES, models: texts, reply: call, defaultModel: call, list: call, setup: call, explain: call },
  completer: NAMES,
  task: NAMES,
}

/** Throws an Error that names the first optional member with an unexpected type. */
export function assertOptionalMembers(kind: string, members: Record<string, unknown>): void {
  for (const [member, [expected, holds]] of Object.entries(OPTIONAL[kind] ?? {})) {
    const value = members[member]
    if (value !== undefined && !holds(value))
      throw new Error(`the ${kind} ${JSON.stringify(members.name)} has an invalid ${member}: expected ${expected}`)
  }
  if (kind === 'command') assertArgs(members)
}

/** Throws an Error if `args` names a field that the schema lacks. */
function assertArgs({ name, args = [], input }: Record<string, unknown>): void {
  const { shape } = Object(input) as { shape?: object }
  const unknown = shape && (args as string[]).find((field) => !Object.hasOwn(shape, field))
  if (unknown !== undefined)
    throw new Error(`the command ${JSON.stringify(name)} has an invalid args: its input has no field ${JSON.stringify(unknown)}`)
}
