import type { LoadedPlugin } from '../contract/host.ts'
import { untilSettled } from '../kernel/pending-promises.ts'
import { failureOf, titleOf } from '../kernel/running-plugin.ts'
import { isThenable } from '../kernel/thenable.ts'
import { bounded, interruptible, LIMIT_MS } from '../kernel/time-limit.ts'
import { isStream } from '../output/streams.ts'
import { shownValue } from './unexpected.ts'

type Call = (...args: unknown[]) => unknown

/** Whose code it is, and where it is called. */
export interface Place {
  plugin: LoadedPlugin
  kind: string
  /** For messages: the kind and the name. */
  place: string
}

/** Work that Ctrl-C has to end even where it gives way to nothing else. */
const LOOPING = new Set(['run', 'write', 'print', 'stream', 'setup', 'list', 'defaultModel', 'reply'])
/** Work that nobody can end by Ctrl-C: a Tab at the prompt. */
const BOUNDED = new Set(['values'])

type Rule = [expected: string, holds: (value: unknown) => boolean]

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isText = (value: unknown) => typeof value === 'string'
/** Whether `for await` can read it: a stream, a list, what a generator returns. */
const isItems = (value: unknown): value is AsyncIterable<unknown> => isStream(value) || (isObject(value) && Symbol.iterator in value)
const isTextOrItems = (value: unknown) => isText(value) || isItems(value)
/** A text, a stream of texts, or an object whose `chunks` is one. */
const isOutput = (value: unknown) => isTextOrItems(value) || (isObject(value) && isStream(value.chunks))
const isCandidate = (value: unknown) => isObject(value) && isText(value.value)

/** What functions have to return, by the kind of the thing and their name. */
const RESULTS: Record<string, Rule> = {
  'format write': ['a text or a stream of texts', isTextOrItems],
  'format stream': ['a stream of texts', isItems],
  'command print': ['a text or a stream of texts', isOutput],
  'command load': ['a command', (value) => isObject(value) && typeof value.run === 'function'],
  'completer values': ['a list of { value }', (value) => Array.isArray(value) && value.every(isCandidate)],
  'task load': ['a function', (value) => typeof value === 'function'],
  'provider reply': ['a stream', isItems],
  'provider list': ['a stream', isItems],
  'provider defaultModel': ['a text or nothing', (value) => value === undefined || value === null || isText(value)],
  'provider setup': ['an object', isObject],
}

/** The member of a result that is a stream. */
const STREAM_MEMBERS: Record<string, string | undefined> = { 'command run': 'rows', 'command print': 'chunks' }

/** What the items of their streams have to be. Chat checks the pieces of a reply itself. */
const ITEMS: Record<string, Rule> = {
  'format write': ['a text', isText],
  'format stream': ['a text', isText],
  'command print': ['a text', isText],
  'provider list': ['an object with an id', (value) => isObject(value) && isText(value.id)],
}

function check<T>(rules: Record<string, Rule>, name: string, value: T): T {
  const [expected, holds] = rules[name] ?? []
  if (holds && !holds(value)) throw new Error(`${name.split(' ')[1]} returned ${shownValue(value)}, expected ${expected}`)
  return value
}

/** A proxy of what a plugin gave, still an instance of its class; a failure of its functions names the plugin. */
export const blamed = <T extends object>(item: T, where: Place): T =>
  // A proxy of a frozen object could not return other functions.
  new Proxy(Object.isFrozen(item) ? { ...item } : item, {
    get(own, key) {
      try {
        const member: unknown = Reflect.get(own, key)
        return typeof member === 'function' && typeof key === 'string' ? blamedCall(key, own, member as Call, where) : member
      } catch (error) {
        throw failure(where, error)
      }
    },
  })

const failure = ({ plugin, place }: Place, error: unknown) => failureOf(plugin, place, error)
const titleAt = ({ plugin, place }: Place) => `${titleOf(plugin)} in ${place}`

const blamedCall =
  (key: string, item: object, member: Call, where: Place): Call =>
  (...args) => {
    const name = `${where.kind} ${key}`
    const done = (value: unknown) => {
      const result = check(RESULTS, name, value)
      if (key === 'load' && where.kind === 'command') return blamed(result as object, where)
      return isStream(result) || (name in ITEMS && isItems(result)) ? blamedStream(name, result, where) : blamedMember(name, result, where)
    }
    try {
      const call = () => member.apply(item, args)
      const result = BOUNDED.has(key) ? bounded(call) : LOOPING.has(key) ? interruptible(call) : call()
      if (!isThenable(result)) return done(result)
      return untilSettled(titleAt(where), result, BOUNDED.has(key) ? LIMIT_MS : undefined)
        .then(done)
        .catch((error) => {
          throw failure(where, error)
        })
    } catch (error) {
      throw failure(where, error)
    }
  }

/** The result with its stream, if it has one, guarded. */
function blamedMember(name: string, result: unknown, where: Place): unknown {
  const member = STREAM_MEMBERS[name]
  const stream = member !== undefined && isObject(result) ? result[member] : undefined
  return isStream(stream) ? { ...(result as object), [member as string]: blamedStream(name, stream, where) } : result
}

async function* blamedStream(name: string, stream: AsyncIterable<unknown>, where: Place): AsyncIterable<unknown> {
  const items = stream[Symbol.asyncIterator]?.() ?? (stream as unknown as Iterable<unknown>)[Symbol.iterator]()
  let ended = false
  try {
    for (;;) {
      const { done, value } = await untilSettled(titleAt(where), Promise.resolve(items.next()))
      ended = done === true
      if (ended) return
      yield check(ITEMS, name, value)
    }
  } catch (error) {
    ended = true
    // Not awaited: a stream that hangs would not end either.
    void Promise.resolve(items.return?.()).catch(() => undefined)
    throw failure(where, error)
  } finally {
    if (!ended) await items.return?.()
  }
}
