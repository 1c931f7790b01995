import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import * as words from './seed/words.ts'

/** The average number of messages per session; exact for an even number of sessions. */
const MESSAGES = 20
const FIRST_DAY = Date.UTC(2024, 0, 1)
const TWO_YEARS = 2 * 365 * 86_400_000

/** The number of sessions, and the seed of the random numbers. */
export interface SeedOptions {
  sessions: number
  seed?: number
}

/** Writes generated sessions as a JSON array for `session import`, one session per line. The same options give the same bytes. */
export function writeSeed(file: string, options: SeedOptions): void {
  fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
  const out = fs.openSync(file, 'w')
  let buffer = '[\n'
  let between = ''
  for (const session of generateSessions(options)) {
    buffer += between + JSON.stringify(session)
    between = ',\n'
    if (buffer.length < 1 << 20) continue
    fs.writeSync(out, buffer)
    buffer = ''
  }
  fs.writeSync(out, `${buffer}\n]\n`)
  fs.closeSync(out)
}

/** Generates sessions in the order of their creation. */
export function* generateSessions({ sessions, seed = 1 }: SeedOptions) {
  const random = mulberry32(seed)
  const dice = diceOf(random)
  let spread = 0
  for (let i = 0; i < sessions; i++) {
    spread = i % 2 === 0 ? 2 * dice.upTo(9) : -spread
    const count = i === sessions - 1 && i % 2 === 0 ? MESSAGES : MESSAGES + spread
    yield generateSession(dice, FIRST_DAY + Math.floor(((i + random()) / sessions) * TWO_YEARS), count)
  }
}

function generateSession(dice: Dice, created: number, count: number) {
  const messages = generateMessages(dice, created, count)
  const [provider, models] = dice.often(words.providers)
  const status = dice.often(words.statuses)
  return {
    id: Array.from({ length: 12 }, () => dice.pick(words.idLetters)).join(''),
    title: generateTitle(dice),
    created_at: iso(created),
    updated_at: messages.at(-1)?.timestamp ?? iso(created),
    provider,
    model: dice.often(models),
    metadata: {
      tags: [...new Set(Array.from({ length: dice.upTo(5) }, () => dice.often(words.tags)))],
      ...(dice.chance(0.85) && { project: dice.often(words.projects) }),
      ...(dice.chance(0.3) && { priority: dice.pick(words.priorities) }),
    },
    messages,
    ...(status !== 'active' && { status }),
  }
}

function generateTitle(dice: Dice): string {
  if (dice.chance(0.1)) return `${dice.pick(words.foreignTitles)} ${dice.upTo(1000)}`
  const title = `${dice.pick(words.titleVerbs)} ${dice.pick(words.titleObjects)} ${dice.pick(words.titleContexts)}`
  return dice.chance(0.05) ? `${dice.pick(words.emoji)} ${title}` : title
}

function generateMessages(dice: Dice, created: number, count: number) {
  let time = created
  return Array.from({ length: count }, (_, i) => {
    time += 1000 * (1 + dice.upTo(120))
    const asked = i % 2 === 0
    return { role: asked ? 'user' : 'assistant', content: asked ? generateQuestion(dice) : generateAnswer(dice), timestamp: iso(time) }
  })
}

const sentences = (dice: Dice, most: number) => Array.from({ length: 1 + dice.upTo(most) }, () => dice.pick(words.sentences)).join(' ')

function generateQuestion(dice: Dice): string {
  const text = `${dice.pick(words.questions)} ${sentences(dice, 2)}`
  return dice.chance(0.15) ? `${text}\n\n${dice.pick(words.codes)}` : text
}

function generateAnswer(dice: Dice): string {
  const parts = Array.from({ length: 1 + dice.upTo(3) }, () => (dice.chance(0.25) ? dice.pick(words.codes) : sentences(dice, 5)))
  return parts.join('\n\n')
}

/** Formats a time as ISO 8601 without a fraction, like an export. */
const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** Creates a small random number generator with a seed, for numbers in [0, 1). Source: Tommy Ettinger's mulberry32, public domain. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Dice = ReturnType<typeof diceOf>

const diceOf = (random: () => number) => ({
  /** Returns a whole number in [0, most). */
  upTo: (most: number) => Math.floor(random() * most),
  chance: (share: number) => random() < share,
  pick: <T>(from: ArrayLike<T>): T => from[Math.floor(random() * from.length)] as T,
  /** Picks an item; the first items more often than the last. */
  often: <T>(from: readonly T[]): T => from[Math.floor(random() ** 2 * from.length)] as T,
})

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { sessions: { type: 'string' }, seed: { type: 'string' }, out: { type: 'string' } } })
  if (!values.out) throw new Error('usage: seed.ts --out FILE [--sessions 10000] [--seed 1]')
  writeSeed(values.out, { sessions: Number(values.sessions ?? 10_000), seed: Number(values.seed ?? 1) })
}
