import * as z from 'zod'
import type { Host, Plugin } from '../contract/host.ts'
import { nearest } from '../kernel/nearest.ts'
import { oneLine } from '../output/cells.ts'
import { looksLikeKey, maskedPath } from '../output/secret-names.ts'
import { DefaultsSchema } from './defaults.ts'
import type { Layers } from './layers.ts'

/** What may stand at one place of the config. */
export interface Place {
  keys: Map<string, Place>
  /** Asked only where something stands there. */
  schema?: () => z.core.$ZodType
  /** The schema of a shipped plugin that is loaded where something stands there; a user's schema is never awaited, as it may have a `then`. */
  load?: () => Promise<z.core.$ZodType>
  /** What stands at every other key. */
  others?: Place
  /** Anything may stand there. */
  open?: boolean
}

const MAX_TOLD = 10

/** Warns of keys in the config that nobody reads, with the nearest that somebody does. */
export async function noteUnknown(said: Layers['said'], host: KnownBy, note: (text: string) => void, complete = true): Promise<void> {
  // A plugin that is not loaded may be who reads a key.
  const root = { ...knownKeys(host), open: !complete }
  let told = 0
  for (const { file, values } of said) {
    await visit(values, root, [], (path, names) => {
      if (++told > MAX_TOLD) return
      const close = nearest(path.at(-1) ?? '', names)
      const meant = close ? `; did you mean ${[...path.slice(0, -1), close].join('.')}?` : ''
      note(`${file}: there is no key ${oneLine(maskedPath(path).slice(0, 80))}${meant}`)
    })
  }
}

type KnownBy = Pick<Host, 'plugins' | 'z' | 'providers'>

/** The keys that the program and the loaded plugins read. */
export function knownKeys(host: KnownBy): Place {
  const root: Place = { keys: new Map([['plugins', { keys: new Map(), schema: PluginsSchema }]]) }
  root.keys.set('defaults', { keys: new Map(), schema: DefaultsSchema })
  for (const { plugin } of host.plugins) if (plugin?.config || plugin?.configPath) claim(root, plugin, host)
  return root
}

/** In a config of data; a config of code may hold the plugins themselves. */
const PluginsSchema = () => z.array(z.string('expected the path or the name of a plugin'), 'expected a list of plugins')

function claim(root: Place, { name, configPath = name, config, blockSchema }: Plugin, host: KnownBy): void {
  let at = root
  for (const key of configPath.split('.')) {
    const next: Place = at.keys.get(key) ?? { keys: new Map() }
    at.keys.set(key, next)
    at = next
  }
  if (config) at.schema = typeof config === 'function' ? () => config(config.length > 0 ? host.z : (undefined as never)) : () => config
  else if (blockSchema) at.load = () => blockSchema(host)
  else at.open = true
}

type Miss = (path: string[], names: string[]) => void

async function visit(value: unknown, place: Place, path: string[], miss: Miss): Promise<void> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const resolved = await resolvePlace(place)
  for (const [key, each] of Object.entries(value)) {
    const next = placeOf(resolved, key)
    if (next) await visit(each, next, [...path, key], miss)
    else miss([...path, key], [...resolved.keys.keys()])
  }
}

/** The place below a key; undefined where nobody reads the key. */
export function placeOf({ keys, others, open }: Place, key: string): Place | undefined {
  const found = keys.get(key) ?? others
  if (found) return found
  // Where any name is allowed, one close to a known name is a typing error, and a key in its place is in the wrong place.
  return open && !nearest(key, keys.keys()) && !looksLikeKey(key) ? ANYTHING : undefined
}

const ANYTHING: Place = { keys: new Map(), open: true }

/** A place with the keys of its schema. */
export async function resolvePlace(place: Place): Promise<Place> {
  const { schema } = await loadPlace(place)
  return schema ? inSchema(schema(), place) : place
}

/** A place whose schema is loaded. */
export async function loadPlace(place: Place): Promise<Place> {
  const loaded = await place.load?.()
  return loaded ? { ...place, schema: () => loaded } : place
}

/** The keys of an object's schema; anything else, and an object that takes further keys, is open. */
function inSchema(schema: z.core.$ZodType, { keys }: Place): Place {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if ('innerType' in def) return inSchema(def.innerType, { keys })
  const placeIn = (each: z.core.$ZodType): Place => ({ keys: new Map(), schema: () => each })
  if (def.type === 'record' && !isUnknown(def.valueType)) return { keys, others: placeIn(def.valueType) }
  if (def.type !== 'object') return { keys, open: true }
  const own = Object.entries(def.shape).map(([key, each]): [string, Place] => [key, { ...placeIn(each), ...keys.get(key) }])
  return { keys: new Map([...keys, ...own]), open: def.catchall !== undefined && def.catchall._zod.def.type !== 'never' }
}

const isUnknown = (schema: z.core.$ZodType) => ['unknown', 'any'].includes((schema as z.core.$ZodTypes)._zod.def.type)
