import { interruptible } from './bounded.ts'
import { type LoadedPlugin, titleOf } from './owner.ts'
import { messageOf, Problem } from './problem.ts'

type Call = (...args: unknown[]) => unknown

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
  const culprit = (error: unknown) =>
    error instanceof Problem
      ? error
      : new Problem('plugin', `${titleOf(plugin)} failed in ${kind} '${name}': ${messageOf(error)}`, { cause: error })
  return wrapped(item, culprit)
}

const isInput = (input: unknown) =>
  typeof input === 'function' || (typeof input === 'object' && input !== null && '_zod' in input && 'shape' in input)

type Culprit = (error: unknown) => unknown

/** The same thing, of whatever class, each function failing in the plugin's name. */
const wrapped = <T extends object>(item: T, culprit: Culprit): T =>
  // What is frozen may not seem to be anything else.
  new Proxy(Object.isFrozen(item) ? { ...item } : item, {
    get(own, key) {
      const member: unknown = Reflect.get(own, key)
      return typeof member === 'function' ? wrappedCall(key, own, member as Call, culprit) : member
    },
  })

/** Work that Ctrl-C has to end even where it gives way to nothing else. */
const LOOPING = new Set<string | symbol>(['run', 'write', 'print'])

const wrappedCall =
  (key: string | symbol, item: object, member: Call, culprit: Culprit): Call =>
  (...args) => {
    try {
      const result = LOOPING.has(key) ? interruptible(() => member.apply(item, args)) : member.apply(item, args)
      const done = (value: unknown) => (key === 'load' && value ? wrapped(value, culprit) : value)
      if (result instanceof Promise)
        return result.then(done, (error) => {
          throw culprit(error)
        })
      return isStream(result) ? blamed(result, culprit) : result
    } catch (error) {
      throw culprit(error)
    }
  }

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

async function* blamed(stream: AsyncIterable<unknown>, culprit: Culprit): AsyncIterable<unknown> {
  try {
    yield* stream
  } catch (error) {
    throw culprit(error)
  }
}
