import { isMode, isSecretName, looksLikeKey, maskSecrets, usage } from 'ainative-code'

const PART = /"((?:[^"\\]|\\.)*)"|[^."]+/y

/** Splits a dotted key into names. A name with a dot needs double quotes: `prices."gpt-4.1".input`. Throws a Problem for an invalid key. */
export function parseKey(key: string): string[] {
  const names: string[] = []
  PART.lastIndex = 0
  for (let at = 0; ; ) {
    PART.lastIndex = at
    const match = PART.exec(key)
    if (!match) break
    names.push(match[1] === undefined ? match[0] : match[1].replace(/\\(.)/g, '$1'))
    at = PART.lastIndex
    if (at === key.length) return names
    if (key[at] !== '.') break
    at++
  }
  throw usage(`${JSON.stringify(key)} is not a key`, 'expected names separated by dots, such as defaults.limit')
}

/** Formats names as a key that `parseKey` accepts. */
export const keyText = (path: readonly string[]) =>
  path.map((name) => (/^[^."\\\s]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`)).join('.')

/** True if the value of a key is a secret. Token counts, modes, and commands that print a secret, are not secrets. */
export const isSecret = (path: readonly string[], value?: string) =>
  path.some((name) => isSecretName(name) && !/(?:tokens|_command)$/i.test(name)) && !isMode(path.at(-1) ?? '', value)

/** True if a text has the form of a secret, such as an API key. */
export const isSecretText = (text: string) => text.split(/\s+/).some(looksLikeKey)

/** Matches a URL with a password, or a web address with a user name, which can be a token. A port such as `:80/` is not a password. */
const LOGIN = /:\/\/[^\s:/@]*:(?!\d+\/)[^\s@]+@|https?:\/\/[^\s:/@]+@/i
/** Matches a parameter of a URL with its value. */
const PARAMETER = /[?&;#]([^\s=&;#?]+)=[^\s&;#]/g

/** True if a text contains a URL with a password or a token. A reference such as `${NAME}` is not a secret. */
export function hasLogin(text: string): boolean {
  const own = text.replace(/\$\{\w+\}/g, '')
  return LOGIN.test(own) || (own.includes('://') && [...own.matchAll(PARAMETER)].some(([, name = '']) => isSecretName(name)))
}

/** The value of a key with its secrets masked, as in `config show`. */
export function maskedValueAt(path: readonly string[], value: unknown): unknown {
  const whole = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
  return path.reduce<unknown>((at) => Object.values(at as object)[0], maskSecrets(whole))
}
