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

/** A session and its messages without the secrets that were found in them. */
export interface Redacted {
  session: Session
  messages: Message[]
  findings: Finding[]
}

/** How often the result is searched: without the found secrets, a text can have the form of another one. */
const ROUNDS = 5

/** Finds the secrets in a session and its messages, and replaces them wherever they occur. */
export async function redact(session: Session, messages: Message[], signal: AbortSignal): Promise<Redacted> {
  const result: Redacted = { session, messages, findings: [] }
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
/** A shorter secret is not shown at all. */
const SHORT = 12

function findingOf({ kind, text }: Secret, { session, messages }: Redacted): Finding {
  const holds = (value: unknown) => textsOf(value).some((each) => each.includes(text))
  const message = holds(session) ? undefined : messages.find(holds)
  return {
    kind,
    masked: text.length < SHORT ? '***' : `${text.slice(0, SHOWN)}***`,
    place: message ? `message ${message.seq}` : 'the session',
  }
}

/** The shortest password that is replaced by itself; a shorter one may be a usual word. */
const PASSWORD = 6
/** The shortest line of a key that is replaced by itself. */
const LINE = 40

/** A secret, and what is secret without the rest: the password in a URL, and each line of a private key. */
function partsOf(secret: string): string[] {
  const password = /:\/\/[^:/@\s]*:([^@/\s]+)@/.exec(secret)?.[1] ?? ''
  const lines = secret.split(/\s|\\n/).filter((line) => line.length >= LINE)
  return [secret, ...(password.length >= PASSWORD ? [password] : []), ...lines]
}

/** Replaces each range of a text that parts cover. */
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
