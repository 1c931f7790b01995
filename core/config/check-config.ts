import type * as z from 'zod'
import type { Config, Host } from '../contract/host.ts'
import { nearest } from '../kernel/nearest.ts'
import { messageOf, Problem, usage } from '../kernel/problem.ts'
import { maskedPath, withoutKeys } from '../output/secret-names.ts'
import { isBlock } from './block.ts'
import { withEnv } from './env-refs.ts'
import { knownKeys, loadPlace, noteUnknown, type Place, placeOf, resolvePlace } from './known-keys.ts'

type Path = readonly string[]

/** Throws a usage Problem where nobody reads this key of the config. */
export async function checkKey(host: Host, path: Path): Promise<void> {
  await placeAt(host, path)
}

async function placeAt(host: Host, path: Path): Promise<Place> {
  let at = knownKeys(host)
  for (const [i, key] of path.entries()) {
    const place = await resolvePlace(at)
    const next = placeOf(place, key)
    if (!next) throw unknown(path.slice(0, i + 1), [...place.keys.keys()])
    at = next
  }
  return at
}

/** The schema of the values of a key, where it has one. Throws a usage Problem where nobody reads the key. */
export const schemaAt = async (host: Host, path: Path) => (await loadPlace(await placeAt(host, path))).schema?.()

function unknown(path: Path, names: string[]): Problem {
  const close = nearest(path.at(-1) ?? '', names)
  const hint = close === undefined ? 'docs/config.md lists the keys' : `did you mean ${[...path.slice(0, -1), close].join('.')}?`
  return usage(`there is no key ${maskedPath(path)}`, hint)
}

/** The Problem of the first value that its reader would refuse; of the values at `path`, above or below it where there is one. */
export async function mistakeIn(host: Host, values: Config, file: string, path: Path = []): Promise<Problem | undefined> {
  for await (const { at, place } of placesIn(knownKeys(host), values, [])) {
    const block = valueAt(values, at)
    const issue = issuesIn(place, block, host.env, at).find((each) => isRelated([...at, ...each.path.map(String)], path))
    if (!issue) continue
    const where = maskedPath([...at, ...issue.path])
    return new Problem('config', `config ${where}: ${withoutKeys(issue.message)} (${file})`)
  }
  return undefined
}

/** Notes the keys of these values that nobody reads. */
export const noteUnknownIn = (host: Host, values: Config, file: string, note: (text: string) => void) =>
  noteUnknown([{ file, values }], host, note)

interface Issue {
  path: readonly PropertyKey[]
  message: string
}

/** What a schema says of a value, but for references to variables that are not set: other runs may have them. */
function issuesIn({ schema }: Place, value: unknown, env: NodeJS.ProcessEnv, at: Path): readonly Issue[] {
  const type = schema?.() as z.ZodType | undefined
  const readable = resolved(value, env, at)
  const issues = type?.safeParse(readable).error?.issues ?? []
  return issues.filter(({ path }) => !/\$\{\w+\}/.test(String(valueAt(readable, path.map(String)))))
}

function resolved(value: unknown, env: NodeJS.ProcessEnv, at: Path): unknown {
  try {
    return withEnv(value, env, at.join('.'))
  } catch (error) {
    if (/is not set$/.test(messageOf(error))) return value
    throw error
  }
}

const isRelated = (a: Path, b: Path) => a.slice(0, b.length).every((key, i) => key === b[i])

/** The places with a schema of their own at which the values hold something. */
async function* placesIn(place: Place, values: unknown, at: Path): AsyncIterable<{ at: Path; place: Place }> {
  if (values === undefined) return
  if (place.schema || place.load) yield { at, place: await loadPlace(place) }
  if (at.length > 0 && place.keys.size > 0 && !isBlock(values))
    throw new Problem('config', `config ${maskedPath(at)}: expected keys and values`, { hint: 'docs/config.md lists the keys' })
  for (const [key, next] of place.keys) yield* placesIn(next, valueAt(values, [key]), [...at, key])
}

/** A value by its path; own keys alone. */
export const valueAt = (values: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (isBlock(at) && Object.hasOwn(at, key) ? at[key] : undefined), values)

/** The names of all keys that can be told, in order. */
export async function keyNames(host: Host): Promise<string[][]> {
  const names: string[][] = []
  const visit = async (unresolved: Place, path: string[]) => {
    const place = await resolvePlace(unresolved)
    if (place.keys.size === 0) names.push(path)
    for (const [key, next] of place.keys) await visit(next, [...path, key])
  }
  await visit(knownKeys(host), [])
  return names
}
