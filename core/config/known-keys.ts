import * as z from 'zod'
import type { ConfigLayer, Host, Plugin } from '../contract/host.ts'
import { nearest } from '../kernel/nearest.ts'
import { oneLine } from '../output/cells.ts'
import { looksLikeKey, maskedPath } from '../output/secret-names.ts'
import { DefaultsSchema } from './defaults.ts'

/** A position in the config: its known keys and the schema of its value. */
export interface ConfigNode {
  keys: Map<string, ConfigNode>
  /** Called only if the config has a value here. */
  schema?: () => z.core.$ZodType
  /** Loads the schema of a built-in plugin if the config has a value here. External schemas are never awaited: one may have a `then`. */
  load?: () => Promise<z.core.$ZodType>
  /** The node below every other key. */
  others?: ConfigNode
  /** True if any key and value is valid here. */
  open?: boolean
}

const MAX_NOTES = 10

/** Writes a note for each unknown key of the config, with the closest known key. `complete` is false if a plugin failed to load. */
export async function noteUnknown(layers: ConfigLayer[], host: KeyOwners, note: (text: string) => void, complete = true): Promise<void> {
  // A key may belong to a plugin that failed to load.
  const root = { ...knownKeys(host), open: !complete }
  let notes = 0
  for (const { file, values } of layers) {
    await visitUnknown(values, root, [], (path, names) => {
      if (++notes > MAX_NOTES) return
      const close = nearest(path.at(-1) ?? '', names)
      const guess = close ? `; did you mean ${[...path.slice(0, -1), close].join('.')}?` : ''
      note(`${file}: unknown key ${oneLine(maskedPath(path).slice(0, 80))}${guess}`)
    })
  }
}

/** The part of a host that knows its config keys. */
type KeyOwners = Pick<Host, 'plugins' | 'z' | 'providers'>

/** Returns the root of the config with the keys that the program and the loaded plugins read. */
export function knownKeys(host: KeyOwners): ConfigNode {
  const root: ConfigNode = { keys: new Map([['plugins', { keys: new Map(), schema: PluginsSchema }]]) }
  root.keys.set('defaults', { keys: new Map(), schema: DefaultsSchema })
  for (const { plugin } of host.plugins) if (plugin?.config || plugin?.configPath) addPluginBlock(root, plugin, host)
  return root
}

/** The schema of `plugins` in a YAML or JSON config. In a config of code, the list may contain plugin objects. */
const PluginsSchema = () => z.array(z.string('expected the path or the name of a plugin'), 'expected a list of plugins')

/** Adds the config block of a plugin. */
function addPluginBlock(root: ConfigNode, { name, configPath = name, config, blockSchema }: Plugin, host: KeyOwners): void {
  let at = root
  for (const key of configPath.split('.')) {
    const next: ConfigNode = at.keys.get(key) ?? { keys: new Map() }
    at.keys.set(key, next)
    at = next
  }
  if (config) at.schema = typeof config === 'function' ? () => config(config.length > 0 ? host.z : (undefined as never)) : () => config
  else if (blockSchema) at.load = () => blockSchema(host)
  else at.open = true
}

/** Receives an unknown key and the known keys beside it. */
type OnUnknown = (path: string[], names: string[]) => void

/** Calls `onUnknown` for each key in a value that the node does not have. */
export async function visitUnknown(value: unknown, node: ConfigNode, path: string[], onUnknown: OnUnknown): Promise<void> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const resolved = await resolveNode(node)
  for (const [key, each] of Object.entries(value)) {
    const next = childNode(resolved, key)
    if (next) await visitUnknown(each, next, [...path, key], onUnknown)
    else onUnknown([...path, key], [...resolved.keys.keys()])
  }
}

/** Returns the node below a key; undefined for an unknown key. */
export function childNode({ keys, others, open }: ConfigNode, key: string): ConfigNode | undefined {
  const found = keys.get(key) ?? others
  if (found) return found
  // Even where every name is valid, a name close to a known key is a typing error, and an API key is a misplaced value.
  return open && !nearest(key, keys.keys()) && !looksLikeKey(key) ? ANYTHING : undefined
}

const ANYTHING: ConfigNode = { keys: new Map(), open: true }

/** Adds the keys of the schema to a node. */
export async function resolveNode(node: ConfigNode): Promise<ConfigNode> {
  const { schema } = await loadNode(node)
  return schema ? nodeOfSchema(schema(), node) : node
}

/** Loads the schema of a node. */
export async function loadNode(node: ConfigNode): Promise<ConfigNode> {
  const loaded = await node.load?.()
  return loaded ? { ...node, schema: () => loaded } : node
}

/** Returns the node with the keys of an object schema. Other types, and objects with a catchall, are open. */
function nodeOfSchema(schema: z.core.$ZodType, { keys }: ConfigNode): ConfigNode {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if ('innerType' in def) return nodeOfSchema(def.innerType, { keys })
  const unresolved = (each: z.core.$ZodType): ConfigNode => ({ keys: new Map(), schema: () => each })
  if (def.type === 'record' && !isUnknown(def.valueType)) return { keys, others: unresolved(def.valueType) }
  if (def.type !== 'object') return { keys, open: true }
  const own = Object.entries(def.shape).map(([key, each]): [string, ConfigNode] => [key, { ...unresolved(each), ...keys.get(key) }])
  return { keys: new Map([...keys, ...own]), open: def.catchall !== undefined && def.catchall._zod.def.type !== 'never' }
}

const isUnknown = (schema: z.core.$ZodType) => ['unknown', 'any'].includes((schema as z.core.$ZodTypes)._zod.def.type)
