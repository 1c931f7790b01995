import { isLocalOnly, type Json, LOCAL_ONLY, plural, stringifyJson } from 'ainative-code'

const isLike = (word: string, value: unknown) => typeof value === 'string' && value !== word && value.toLowerCase() === word
const isValue = (value: unknown) => value === LOCAL_ONLY.sync || isLike(LOCAL_ONLY.sync, value)

/**
 * Returns what is wrong with new metadata that seem to keep a session on this device, but do not; otherwise undefined. `session meta` prints
 * keys with a capital letter, so a person may enter the key in this form.
 */
export function syncFault(metadata: Json): string | undefined {
  const key = Object.keys(metadata).find((each) => isLike('sync', each))
  if (key !== undefined) return `a metadata key cannot be ${JSON.stringify(key)}: the key that keeps a session on this device is sync`
  if (!Object.hasOwn(metadata, 'sync') || isLocalOnly(metadata)) return undefined
  return `sync cannot be ${stringifyJson(metadata.sync)}, expected ${JSON.stringify(LOCAL_ONLY.sync)}`
}

/** Returns the metadata of a file with `sync: local-only` in lowercase, so that the session stays on this device. */
export const withLocalOnly = (metadata: Json): Json => (isLike(LOCAL_ONLY.sync, metadata.sync) ? { ...metadata, ...LOCAL_ONLY } : metadata)

/** True if the metadata of a file seem to keep the session on this device, but do not: the key is `Sync`, for example. */
export const seemsLocalOnly = (metadata: Json): boolean =>
  !isLocalOnly(metadata) && Object.entries(metadata).some(([key, value]) => isLike('sync', key) && isValue(value))

/** The note on imported sessions whose metadata seem to keep them on this device, but do not. */
export function syncNote([id, ...others]: string[]): string {
  const sessions = others.length > 0 ? `${id} and ${plural(others.length, 'other session')}` : id
  return `the key sync in the metadata is not in lowercase, so it does not keep ${sessions} on this device; ainative-code session meta ${id} sync local-only does`
}
