import { messageOf } from 'ainative-code'
import { sql } from 'kysely'
import type { Server } from '../connect.ts'
import { LOCK_ATTACKS } from './lock-attacks.ts'
import { MEMBER_ATTACKS } from './member-attacks.ts'
import { SIDE_CHANNELS } from './side-channels.ts'
import { SQL_ATTACKS } from './sql-attacks.ts'
import { type Stage, snapshot } from './stage.ts'

/** The result of an attack. */
export interface AttackResult {
  attack: string
  refused: boolean
  /** What the attacker got or changed. */
  result?: string
}

/** Tries every attack, each on a new connection of the attacker. */
export async function* runAttacks(stage: Stage): AsyncIterable<AttackResult> {
  const before = await snapshot(stage)
  for (const { name, statements } of SQL_ATTACKS) {
    const answers = await tryStatements(await stage.reconnect(), statements(stage))
    yield resultOf(name, (await changeSince(before, stage)) ?? leakIn(answers, stage))
  }
  for (const { name, run } of [...SIDE_CHANNELS, ...LOCK_ATTACKS, ...MEMBER_ATTACKS]) yield resultOf(name, await run(stage))
}

const resultOf = (attack: string, result: string | undefined): AttackResult => ({
  attack,
  refused: result === undefined,
  ...(result !== undefined && { result }),
})

/** Runs each statement, and returns the statements with their rows or errors. */
async function tryStatements(server: Server, statements: string[]): Promise<[statement: string, answer: string][]> {
  const answers: [string, string][] = []
  for (const statement of statements) {
    const answer = await sql
      .raw(statement)
      .execute(server.db)
      .then(
        ({ rows }) => JSON.stringify(rows),
        (error) => [messageOf(error), error?.detail, error?.where, error?.hint].join(' '),
      )
    answers.push([statement, answer])
  }
  await server.close()
  return answers
}

/** Returns the first statement that does not contain the secret of the victim, but whose answer does. */
function leakIn(answers: [statement: string, answer: string][], { secret }: Stage): string | undefined {
  const leak = answers.find(([statement, answer]) => answer.includes(secret) && !statement.includes(secret))
  return leak && `the attacker read rows of the victim: ${leak[0]}`
}

const changeSince = async (before: string, stage: Stage): Promise<string | undefined> =>
  (await snapshot(stage)) === before ? undefined : 'the attacker changed rows of the victim'
