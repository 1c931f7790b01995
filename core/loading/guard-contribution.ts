import type { LoadedPlugin } from '../contract/host.ts'
import { blamed } from './attribute-failures.ts'

/** What each kind of thing cannot do without: one of the functions, and these texts; and what has to be a function where it is there. */
const NEEDS: Record<string, { functions?: string[]; texts?: string[]; calls?: string[] }> = {
  command: { functions: ['run', 'load'] },
  format: { functions: ['write', 'stream'], texts: ['extension'] },
  function: { functions: ['call'] },
  provider: { calls: ['reply', 'defaultModel', 'list', 'setup'] },
}

/** What a plugin adds, checked, with the plugin named in each failure of its functions. */
export function blaming<T extends object>(plugin: LoadedPlugin, kind: string, item: T): T {
  const members = Object(item) as Record<string, unknown>
  const { name } = members
  if (typeof name !== 'string' || name.trim() === '') throw new Error(`a ${kind} needs a name`)
  const { functions = [], texts = [], calls = [] } = NEEDS[kind] ?? {}
  if (functions.length > 0 && !functions.some((key) => typeof members[key] === 'function'))
    throw new Error(`the ${kind} ${JSON.stringify(name)} needs a function ${functions.join(' or ')}`)
  const absent = texts.find((key) => typeof members[key] !== 'string')
  if (absent) throw new Error(`the ${kind} ${JSON.stringify(name)} needs a text ${absent}`)
  const wrong = calls.find((key) => members[key] !== undefined && typeof members[key] !== 'function')
  if (wrong) throw new Error(`the ${kind} ${JSON.stringify(name)} needs a function for ${wrong}`)
  if (kind === 'command' && typeof members.load !== 'function' && !isInput(members.input))
    throw new Error(`the command ${JSON.stringify(name)} needs an input, such as z.object({})`)
  return blamed(item, { plugin, kind, place: `${kind} '${name}'` })
}

const isInput = (input: unknown) =>
  typeof input === 'function' || (typeof input === 'object' && input !== null && '_zod' in input && 'shape' in input)
