import { type Message, Problem, type Session } from 'ainative-code'
import { mapTexts, textsOf } from '../texts.ts'
import { findSecrets, REPLACEMENT, type Secret } from './find-secrets.ts'

/** A secret that was found, without the secret itself. */
export interface Finding {
  kind: string
  /** The first characters of the secret, then `***`. */
  masked: string
  /** Where the secret occurs first: `message 3`, or `the session` for its title, tags and metadata. */
  place: string
}

/** A session and its messages, without the secrets that were found in them. */
export interface RedactedSession {
  session: Session
  messages: Message[]
  findings: Finding[]
}

/** The maximum number of searches. After a replacement, the rest of a text can look like another secret. */
const ROUNDS = 5

/** Finds the secrets in a session and its messages, and replaces them wherever they occur. */
export async function redact(session: Session, messages: Message[], signal: AbortSignal): Promise<RedactedSession> {
  const result: RedactedSession = { session, messages, findings: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const secrets = await findSecrets(textsOf([result.session, ...result.messages]), signal)
    if (secrets.length === 0) return result
    result.findings.push(...secrets.map((secret) => findingOf(secret, result)))
    const parts = [...new Set(secrets.flatMap(({ text }) => partsOf(text)))]
    const replace = (text: string) => withoutParts(text, parts)
    result.session = mapTexts(result.session, replace)
    result.messages = result.messages.map((message) => mapTexts(message, replace))
  }
  throw new Problem('secrets', `the secrets of ${session.id} cannot be replaced`, { hint: `ainative-code session edit ${session.id}` })
}

/** The number of characters of a secret that are shown. */
const SHOWN = 3
/** The minimum length of a secret of which characters are shown. */
const SHORT = 12

function findingOf({ kind, text }: Secret, { session, messages }: RedactedSession): Finding {
  const holds = (value: unknown) => textsOf(value).some((each) => each.includes(text))
  const message = holds(session) ? undefined : messages.find(holds)
  return {
    kind,
    masked: text.length < SHORT ? '***' : `${text.slice(0, SHOWN)}***`,
    place: message ? `message ${message.seq}` : 'the session',
  }
}

/** The minimum length of a password that is replaced without its URL. A shorter password may be an ordinary word. */
const PASSWORD = 6
/** The minimum length of a line of a private key that is replaced without the rest of the key. */
const LINE = 40

/** Returns a secret, and its parts that are secret too: the password in a URL, also without escapes, and each line of a private key. */
function partsOf(secret: string): string[] {
  const password = /:\/\/[^:/@\s]*:([^@/\s]+)@/.exec(secret)?.[1] ?? ''
  const passwords = [password, decoded(password)].filter((each) => each.length >= PASSWORD)
  const lines = secret.split(/\s|\\n/).filter((line) => line.length >= LINE)
  return [secret, ...passwords, ...lines]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Replaces all ranges of a text that contain one of the parts. */
function withoutParts(text: string, parts: readonly string[]): string {
  const ranges: [start: number, end: number][] = []
  for (const part of parts) for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) ranges.push([at, at + part.length])
  if (ranges.length === 0) return text
  ranges.sort(([a], [b]) => a - b)
  let result = ''
  let end = 0
  for (const [from, to] of ranges) {
    if (from >= end) result += text.slice(end, from) + REPLACEMENT
    end = Math.max(end, to)
  }
  return result + text.slice(end)
}
