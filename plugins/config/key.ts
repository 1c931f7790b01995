import { isSecretName, looksLikeKey, masked, usage } from 'ainative-code'

const PART = /"((?:[^"\\]|\\.)*)"|[^."]+/y

/** The names in a dotted key; a name that holds a dot stands in double quotes: `prices."gpt-4.1".input`. */
export function parseKey(key: string): string[] {
  const names: string[] = []
  PART.lastIndex = 0
  for (let at = 0; ; ) {
    PART.lastIndex = at
    const found = PART.exec(key)
    if (!found) break
    names.push(found[1] === undefined ? found[0] : found[1].replace(/\\(.)/g, '$1'))
    at = PART.lastIndex
    if (at === key.length) return names
    if (key[at] !== '.') break
    at++
  }
  throw usage(`${JSON.stringify(key)} is not a key`, 'expected names with dots between them, such as defaults.limit')
}

/** A key as `parseKey` reads it. */
export const keyText = (path: readonly string[]) =>
  path.map((name) => (/^[^."\\\s]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`)).join('.')

/** True if the value of a key is a secret: not a count of tokens, nor a command that prints the secret. */
export const isSecret = (path: readonly string[]) => path.some((name) => isSecretName(name) && !/(?:tokens|_command)$/i.test(name))

/** True if a text is a secret by its form. */
export const isSecretText = (text: string) => text.split(/\s+/).some(looksLikeKey)

/** A value of a key for people to read, as `config show` shows it. */
export function maskedAt(path: readonly string[], value: unknown): unknown {
  const whole = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
  return path.reduce<unknown>((at) => Object.values(at as object)[0], masked(whole))
}
