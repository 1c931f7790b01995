import type { LoadedPlugin } from '../contract/host.ts'
import { untilSettled } from '../kernel/pending-promises.ts'
import { failureOf, titleOf } from '../kernel/running-plugin.ts'
import { isThenable, refusePromise } from '../kernel/thenable.ts'
import { interruptible, LIMIT_MS, withTimeLimit } from '../kernel/time-limit.ts'
import { isStream } from '../output/streams.ts'
import { assertChunk } from './assert-chunk.ts'
import { assertOptionalMembers, isObject, isString, type Rule } from './members.ts'
import { describeValue } from './unexpected-result.ts'

type Call = (...args: unknown[]) => unknown

/** The origin of a contribution, for messages. */
export interface Contribution {
  plugin: LoadedPlugin
  /** The kind, such as `command`. */
  kind: string
  /** The kind and the name, such as `command 'session list'`. */
  title: string
}

/** Functions that Ctrl-C interrupts even in an endless synchronous loop. */
const INTERRUPTIBLE = new Set(['run', 'write', 'print', 'stream', 'setup', 'list', 'defaultModel', 'reply'])
/** Functions with a time limit, because Ctrl-C cannot interrupt them: the Tab key at the prompt calls them. */
const BOUNDED = new Set(['values'])

/** True for a value that `for await` accepts: a stream, a list, a generator. */
const isIterable = (value: unknown): value is AsyncIterable<unknown> => isStream(value) || (isObject(value) && Symbol.iterator in value)
const isStringOrIterable = (value: unknown) => isString(value) || isIterable(value)
/** True for a string, a stream of strings, or an object whose `chunks` is a stream of strings. */
const isOutput = (value: unknown) => isStringOrIterable(value) || (isObject(value) && isStream(value.chunks))
const isCandidate = (value: unknown) => isObject(value) && isString(value.value)

/** The valid results of functions, by the kind of the contribution and the name of the function. */
const RESULTS: Record<string, Rule> = {
  'format write': ['a string or a stream of strings', isStringOrIterable],
  'format stream': ['a stream of strings', isIterable],
  'command print': ['a string or a stream of strings', isOutput],
  'command load': ['a command', (value) => isObject(value) && typeof value.run === 'function'],
  'completer values': ['a list of { value }', (value) => Array.isArray(value) && value.every(isCandidate)],
  'task load': ['a function', (value) => typeof value === 'function'],
  'provider reply': ['a stream', isIterable],
  'provider list': ['a stream', isIterable],
  'provider defaultModel': ['a string or undefined', (value) => value === undefined || value === null || isString(value)],
  'provider setup': ['an object', isObject],
}

/** Functions whose caller reads a stream, and does not await a promise. */
const STREAMING = new Set(['format stream', 'provider reply'])

/** The members of results that are streams. */
const STREAM_MEMBERS: Record<string, string | undefined> = { 'command run': 'rows', 'command print': 'chunks' }

/** The valid items of the streams that functions return. */
const ITEMS: Record<string, Rule> = {
  'format write': ['a string', isString],
  'format stream': ['a string', isString],
  'command print': ['a string', isString],
  'provider list': ['an object with an id', (value) => isObject(value) && isString(value.id)],
}

/** Throws if a rule exists for this function and the value breaks it. */
function check<T>(rules: Record<string, Rule>, name: string, value: T): T {
  const [expected, holds] = rules[name] ?? []
  if (holds && !holds(value)) throw new Error(`${name.split(' ')[1]} returned ${describeValue(value)}, expected ${expected}`)
  return value
}

/** Returns a proxy of a contribution, still an instance of its class, whose functions name the plugin in each failure. */
export const attributeFailures = <T extends object>(item: T, origin: Contribution): T =>
  // A proxy of a frozen object could not return other functions.
  new Proxy(Object.isFrozen(item) ? { ...item } : item, {
    get(own, key) {
      try {
        const member: unknown = Reflect.get(own, key)
        return typeof member === 'function' && typeof key === 'string' ? guardedCall(key, own, member as Call, origin) : member
      } catch (error) {
        throw failure(origin, error)
      }
    },
  })

const failure = ({ plugin, title }: Contribution, error: unknown) => failureOf(plugin, title, error)
const titleOfCall = ({ plugin, title }: Contribution) => `${titleOf(plugin)} in ${title}`

/** Returns a function of a contribution with its limits and with a check of its result. */
const guardedCall =
  (key: string, item: object, member: Call, origin: Contribution): Call =>
  (...args) => {
    const name = `${origin.kind} ${key}`
    const checkResult = (value: unknown) => {
      const result = check(RESULTS, name, value)
      if (key === 'load' && origin.kind === 'command') {
        assertOptionalMembers('command', result as Record<string, unknown>)
        return attributeFailures(result as object, origin)
      }
      return isStream(result) || (name in ITEMS && isIterable(result))
        ? guardedStream(name, result, origin)
        : guardMember(name, result, origin)
    }
    try {
      const call = () => member.apply(item, args)
      const result = BOUNDED.has(key) ? withTimeLimit(call) : INTERRUPTIBLE.has(key) ? interruptible(call) : call()
      if (!isThenable(result)) return checkResult(result)
      if (STREAMING.has(name)) refusePromise(result, `${key} returned a promise, expected a stream`)
      return untilSettled(titleOfCall(origin), result, BOUNDED.has(key) ? LIMIT_MS : undefined)
        .then(checkResult)
        .catch((error) => {
          throw failure(origin, error)
        })
    } catch (error) {
      throw failure(origin, error)
    }
  }

/** Returns the result. If the result is or contains a stream, the stream is guarded. */
function guardMember(name: string, result: unknown, origin: Contribution): unknown {
  const member = STREAM_MEMBERS[name]
  const stream = member !== undefined && isObject(result) ? result[member] : undefined
  return isStream(stream) ? { ...(result as object), [member as string]: guardedStream(name, stream, origin) } : result
}

/** Checks each item of a stream, and names the plugin in its failure. */
async function* guardedStream(name: string, stream: AsyncIterable<unknown>, origin: Contribution): AsyncIterable<unknown> {
  const items = stream[Symbol.asyncIterator]?.() ?? (stream as unknown as Iterable<unknown>)[Symbol.iterator]()
  let ended = false
  try {
    for (;;) {
      const { done, value } = await untilSettled(titleOfCall(origin), Promise.resolve(items.next()))
      ended = done === true
      if (ended) return
      if (name === 'provider reply') assertChunk(value)
      yield check(ITEMS, name, value)
    }
  } catch (error) {
    ended = true
    // Not awaited, because return() of a stream that hangs can hang too.
    void Promise.resolve(items.return?.()).catch(() => undefined)
    throw failure(origin, error)
  } finally {
    if (!ended) await items.return?.()
  }
}
