import type * as z from 'zod'
import type { Config, Host } from '../contract/host.ts'
import { nearest } from '../kernel/nearest.ts'
import { messageOf, Problem, usage } from '../kernel/problem.ts'
import { maskedPath, withoutKeys } from '../output/secret-names.ts'
import { isBlock } from './block.ts'
import { withEnv } from './env-refs.ts'
import { type ConfigNode, childNode, knownKeys, loadNode, noteUnknown, resolveNode, visitUnknown } from './known-keys.ts'

type Path = readonly string[]

/** Throws a usage Problem if neither the program nor a loaded plugin reads this key of the config, or a key in its value. */
export async function checkKey(host: Host, path: Path, value?: unknown): Promise<void> {
  await visitUnknown(value, await nodeAt(host, path), [...path], (at, names) => {
    throw unknownKey(at, names)
  })
}

/** Returns the node of a key. Throws a usage Problem for an unknown key. */
async function nodeAt(host: Host, path: Path): Promise<ConfigNode> {
  let at = knownKeys(host)
  for (const [i, key] of path.entries()) {
    const node = await resolveNode(at)
    const next = childNode(node, key)
    if (!next) throw unknownKey(path.slice(0, i + 1), [...node.keys.keys()])
    at = next
  }
  return at
}

/** Returns the schema of a key, if there is one. Throws a usage Problem for an unknown key. */
export const schemaAt = async (host: Host, path: Path) => (await loadNode(await nodeAt(host, path))).schema?.()

function unknownKey(path: Path, names: string[]): Problem {
  const close = nearest(path.at(-1) ?? '', names)
  const hint = close === undefined ? 'docs/config.md lists the keys' : `did you mean ${[...path.slice(0, -1), close].join('.')}?`
  return usage(`unknown key ${maskedPath(path)}`, hint)
}

/** Returns the Problem of the first value that fails its schema. With `path`, only values at, above and below that key count. */
export async function mistakeIn(host: Host, values: Config, file: string, path: Path = []): Promise<Problem | undefined> {
  for await (const { at, node } of nodesIn(knownKeys(host), values, [])) {
    const block = valueAt(values, at)
    const issue = issuesIn(node, block, host.env, at).find((each) => isRelated([...at, ...each.path.map(String)], path))
    if (!issue) continue
    const where = maskedPath([...at, ...issue.path])
    return new Problem('config', `config ${where}: ${withoutKeys(issue.message)} (${file})`)
  }
  return undefined
}

/** Writes a note for each unknown key of a config file's values. */
export const noteUnknownIn = (host: Host, values: Config, file: string, note: (text: string) => void) =>
  noteUnknown([{ file, values }], host, note)

interface Issue {
  path: readonly PropertyKey[]
  message: string
}

/** Returns the issues of a value. A reference to an unset environment variable is not an issue, because the variable may be set the next time. */
function issuesIn({ schema }: ConfigNode, value: unknown, env: NodeJS.ProcessEnv, at: Path): readonly Issue[] {
  const type = schema?.() as z.ZodType | undefined
  const resolved = resolveEnv(value, env, at)
  const issues = type?.safeParse(resolved).error?.issues ?? []
  return issues.filter(({ path }) => !/\$\{\w+\}/.test(String(valueAt(resolved, path.map(String)))))
}

/** Replaces environment references; a value with an unset one stays as written. */
function resolveEnv(value: unknown, env: NodeJS.ProcessEnv, at: Path): unknown {
  try {
    return withEnv(value, env, at.join('.'))
  } catch (error) {
    if (/is not set$/.test(messageOf(error))) return value
    throw error
  }
}

const isRelated = (a: Path, b: Path) => a.slice(0, b.length).every((key, i) => key === b[i])

/** Yields each node that has a schema and a value. */
async function* nodesIn(node: ConfigNode, values: unknown, at: Path): AsyncIterable<{ at: Path; node: ConfigNode }> {
  if (values === undefined) return
  if (node.schema || node.load) yield { at, node: await loadNode(node) }
  if (at.length > 0 && node.keys.size > 0 && !isBlock(values))
    throw new Problem('config', `config ${maskedPath(at)}: expected keys and values`, { hint: 'docs/config.md lists the keys' })
  for (const [key, next] of node.keys) yield* nodesIn(next, valueAt(values, [key]), [...at, key])
}

/** Returns the value at a path; inherited keys do not count. */
export const valueAt = (values: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (isBlock(at) && Object.hasOwn(at, key) ? at[key] : undefined), values)

/** Returns the paths of all known keys, in the order of the schemas. */
export async function keyNames(host: Host): Promise<string[][]> {
  const names: string[][] = []
  const visit = async (unresolved: ConfigNode, path: string[]) => {
    const node = await resolveNode(unresolved)
    if (node.keys.size === 0) names.push(path)
    for (const [key, next] of node.keys) await visit(next, [...path, key])
  }
  await visit(knownKeys(host), [])
  return names
}
