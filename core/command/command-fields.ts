import type { Field } from '../contract/field.ts'
import type { AnyCommand } from '../contract/host.ts'
import '../kernel/zod-config.ts'
import type * as z from 'zod'

/** Converts `olderThan` to `older-than`. */
export const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Returns the fields of a command, positional arguments included. z.toJSONSchema is not used, because it takes 2 ms at every start. */
export const fieldsOf = (command: AnyCommand): Field[] =>
  Object.entries(inputOf(command).shape as z.core.$ZodShape).map(([key, schema]) => fieldOf(key, schema))

/** Returns the input schema of a command. */
export const inputOf = ({ input }: AnyCommand): z.ZodObject => (typeof input === 'function' ? input() : input)

type Schema = z.core.$ZodType & Partial<Pick<z.ZodType, 'meta'>>

/** Returns the field of a schema. */
export function fieldOf(key: string, outer: Schema): Field {
  let schema: Schema = outer
  let about: Record<string, unknown> = {}
  let required = true
  let fallback: unknown
  let plain = true
  for (;;) {
    about = { ...schema.meta?.(), ...about }
    const def = (schema as z.core.$ZodTypes)._zod.def
    if (def.type === 'optional' || def.type === 'default') required = false
    if (def.type === 'default') fallback = def.defaultValue
    if (def.checks?.length) plain = false
    if ('innerType' in def) schema = def.innerType
    else if (def.type === 'pipe') schema = def.in
    else break
    if (def.type === 'pipe') plain = false
  }
  const { type } = schema._zod.def
  return {
    key,
    flag: `--${type === 'boolean' && fallback === true ? 'no-' : ''}${kebab(key)}`,
    kind: type === 'boolean' ? 'switch' : type === 'array' ? 'list' : 'value',
    alias: about.alias as string | undefined,
    value: (about.value as string | undefined) ?? kebab(key),
    description: (about.description as string | undefined) ?? '',
    required,
    default: fallback,
    plain: plain && isText(schema),
    complete: (about.complete ?? completedBy(about.value)) as Field['complete'],
    choices: type === 'enum' ? Object.values((schema as z.core.$ZodEnum)._zod.def.entries).map(String) : undefined,
  }
}

function isText(schema: Schema): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.checks?.length) return false
  return def.type === 'array' ? isText(def.element) : def.type === 'string' || def.type === 'boolean'
}

/** Returns the completion kind of a placeholder: these placeholders are kinds too. */
const completedBy = (value: unknown) => (['id', 'tag', 'file', 'folder'].includes(value as string) ? value : undefined)

/** Returns the default values of the fields. */
export const defaultsOf = (fields: Field[]) =>
  Object.fromEntries(fields.filter((field) => field.default !== undefined).map((field) => [field.key, field.default]))
