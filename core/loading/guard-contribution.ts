import type { LoadedPlugin } from '../contract/host.ts'
import { attributeFailures } from './attribute-failures.ts'
import { assertOptionalMembers } from './members.ts'

interface Requirements {
  /** The contribution must have at least one of these functions. */
  functions?: string[]
  /** The contribution must have all of these members as strings. */
  strings?: string[]
}

/** The members that each kind of contribution needs. */
const REQUIREMENTS: Record<string, Requirements> = {
  command: { functions: ['run', 'load'] },
  format: { functions: ['write', 'stream'], strings: ['extension'] },
  function: { functions: ['call'] },
}

/** Checks a command, format or other contribution of an external plugin, and names the plugin in each failure of its functions. */
export function guardContribution<T extends object>(plugin: LoadedPlugin, kind: string, item: T): T {
  const members = Object(item) as Record<string, unknown>
  const { name } = members
  if (typeof name !== 'string' || name.trim() === '') throw new Error(`a ${kind} needs a name`)
  const { functions = [], strings = [] } = REQUIREMENTS[kind] ?? {}
  if (functions.length > 0 && !functions.some((key) => typeof members[key] === 'function'))
    throw new Error(`the ${kind} ${JSON.stringify(name)} needs the function ${functions.join(' or ')}`)
  const missing = strings.find((key) => typeof members[key] !== 'string')
  if (missing) throw new Error(`the ${kind} ${JSON.stringify(name)} needs the string ${missing}`)
  if (kind === 'command' && typeof members.load !== 'function' && !isInput(members.input))
    throw new Error(`the command ${JSON.stringify(name)} needs an input, such as z.object({})`)
  assertOptionalMembers(kind, members)
  return attributeFailures(item, { plugin, kind, title: `${kind} '${name}'` })
}

/** True for a zod object, or a function that returns one. */
const isInput = (input: unknown) =>
  typeof input === 'function' || (typeof input === 'object' && input !== null && '_zod' in input && 'shape' in input)
