import type * as z from 'zod'
import { DefaultsSchema } from './defaults.ts'
import type { Layers } from './layers.ts'
import { nearest } from './nearest.ts'
import { oneLine } from './output.ts'
import type { Plugin } from './plugin.ts'
import { looksLikeKey, maskedPath } from './secret-names.ts'
import type { Zod } from './whole-zod.ts'

/** What may stand at one place of the config. */
interface Place {
  keys: Map<string, Place>
  /** Asked only where something stands there. */
  schema?: () => z.core.$ZodType
  /** Anything may stand there. */
  open?: boolean
}

const MAX_TOLD = 10

/** Tells of keys in the config that nobody reads, with the nearest that somebody does. */
export function noteUnknown({ said }: Layers, plugins: readonly Plugin[], z: () => Zod, note: (text: string) => void): void {
  const root: Place = { keys: new Map([['plugins', { keys: new Map(), open: true }]]) }
  root.keys.set('defaults', { keys: new Map(), schema: DefaultsSchema })
  for (const plugin of plugins) if (plugin.config || plugin.configPath) claim(root, plugin, z)
  let told = 0
  for (const { file, values } of said) {
    visit(values, root, [], (path, names) => {
      if (++told > MAX_TOLD) return
      const close = nearest(path.at(-1) ?? '', names)
      const meant = close ? `; did you mean ${[...path.slice(0, -1), close].join('.')}?` : ''
      note(`${file}: there is no key ${oneLine(maskedPath(path).slice(0, 80))}${meant}`)
    })
  }
}

function claim(root: Place, { name, configPath = name, config }: Plugin, z: () => Zod): void {
  let at = root
  for (const key of configPath.split('.')) {
    const next: Place = at.keys.get(key) ?? { keys: new Map() }
    at.keys.set(key, next)
    at = next
  }
  if (config) at.schema = typeof config === 'function' ? () => config(config.length > 0 ? z() : (undefined as never)) : () => config
  else at.open = true
}

function visit(value: unknown, place: Place, path: string[], miss: (path: string[], names: string[]) => void): void {
  const { keys, open } = place.schema ? inSchema(place.schema(), place) : place
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const names = [...keys.keys()]
  for (const [key, each] of Object.entries(value)) {
    const next = keys.get(key)
    if (next) visit(each, next, [...path, key], miss)
    // Where any name is allowed, one close to a known name is a typing error, and a key in its place is in the wrong place.
    else if (!open || nearest(key, names) || looksLikeKey(key)) miss([...path, key], names)
  }
}

/** The keys of an object's schema; anything else, and an object that takes further keys, is open. */
function inSchema(schema: z.core.$ZodType, { keys }: Place): Place {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if ('innerType' in def) return inSchema(def.innerType, { keys })
  if (def.type !== 'object' || (def.catchall && def.catchall._zod.def.type !== 'never')) return { keys, open: true }
  const own = Object.entries(def.shape).map(([key, each]): [string, Place] => [key, { keys: new Map(), schema: () => each }])
  return { keys: new Map([...own, ...keys]) }
}
