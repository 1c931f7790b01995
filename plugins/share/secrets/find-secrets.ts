import { lintSource } from '@secretlint/core'
import { rules } from '@secretlint/secretlint-rule-preset-recommend'
import { findPrivateKeys } from './private-keys.ts'

/** A secret in a text: its kind, such as `GitHub Token`, and the secret itself. */
export interface Secret {
  kind: string
  text: string
}

/** The text that replaces a secret. This text never counts as a secret. */
export const REPLACEMENT = '[redacted]'

/** The text between two texts. No pattern of the rules matches it, so that no secret extends over two texts. */
const SEPARATOR = '\n\0\n'
/** The number of characters that are searched at once. On longer texts, patterns with repetitions can overflow the stack. */
const WINDOW = 100_000
/** The number of characters that two windows share: more than the longest secret. Private keys are found without windows. */
const OVERLAP = 12_000

/** Finds the different secrets in texts. */
export async function findSecrets(texts: Iterable<string>, signal: AbortSignal): Promise<Secret[]> {
  const found = new Map<string, Secret>()
  let rest = ''
  for (const text of texts) {
    for (const key of findPrivateKeys(text)) found.set(key, { kind: 'private key', text: key })
    rest += text + SEPARATOR
    for (; rest.length > WINDOW; rest = rest.slice(WINDOW - OVERLAP)) {
      signal.throwIfAborted()
      await search(rest.slice(0, WINDOW), found)
    }
  }
  await search(rest, found)
  return [...found.values()]
}

/**
 * Rules of the preset that are not used: a comment in a message could turn the other rules off, and findPrivateKeys() finds more private
 * keys.
 */
const UNUSED = ['@secretlint/secretlint-rule-filter-comments', '@secretlint/secretlint-rule-privatekey']

const RULES = rules.filter(({ meta }) => !UNUSED.includes(meta.id)).map((rule) => ({ id: rule.meta.id, rule, options: {} }))

/** The minimum length of a secret. A shorter text would also be replaced within ordinary words. */
const SHORTEST = 6

async function search(content: string, found: Map<string, Secret>): Promise<void> {
  // The rule for tokens of npm registries only applies to a file of this name.
  const source = { content, filePath: '.npmrc', ext: '', contentType: 'text' } as const
  const { messages } = await lintSource({ source, options: { noPhysicFilePath: true, config: { rules: RULES } } })
  for (const { message, messageId, range, data } of messages) {
    const secrets = secretsIn(content, range, data).filter((text) => text !== REPLACEMENT && text.length >= SHORTEST)
    const kind = /^found ([^:]*):/.exec(message)?.[1] ?? messageId
    for (const text of secrets) found.set(text, { kind: secrets.some((each) => kind.includes(each)) ? messageId : kind, text })
  }
}

/** Returns the secrets of a finding. The data of a finding are more reliable than its range, which ends too early for AWS keys. */
function secretsIn(content: string, [start, end]: readonly number[], data: object | undefined): string[] {
  const values = Object.entries(data ?? {}).flatMap(([name, value]) => (name !== 'typeName' && typeof value === 'string' ? [value] : []))
  const secrets = values.filter((value) => value !== '' && content.includes(value))
  return secrets.length > 0 ? secrets : [content.slice(start, end)]
}
