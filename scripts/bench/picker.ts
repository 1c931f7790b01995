import { setTimeout as sleep } from 'node:timers/promises'
import { medianOfNumbers } from './run.ts'
import { type Row, timeRow } from './table.ts'
import { openTerminal } from './terminal.ts'

const ROUNDS = 5
/** A word in a fifth of the generated messages, and in some titles. */
const WORD = 'failing'
/** The column in which the query starts. */
const QUERY_COLUMN = 3
/** The time between two keys, and after every third key: a pause in typing starts the search of contents. */
const [TYPING_MS, PAUSE_MS] = [60, 220]

/** Measures a key in the picker after all sessions are loaded: the time from the key to the frame that shows it. */
export async function measurePicker(database: string, folder: string, sessions: string): Promise<Row[]> {
  const terminal = openTerminal(['session', 'pick'], database, folder)
  await terminal.until(/ of [\d,]+ · Enter/)
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, letter] of [...WORD].entries()) {
      times.push(await terminal.type(letter, frameOf(i + 1)))
      await sleep(i % 3 === 2 ? PAUSE_MS : TYPING_MS)
    }
    await terminal.type('\x15', frameOf(0))
  }
  terminal.end()
  return [
    timeRow(`a key in the picker, ${sessions} sessions`, medianOfNumbers(times), 50),
    timeRow('… the slowest of 35', Math.max(...times), 50),
  ]
}

/** Matches the end of a frame with the cursor after this number of letters. */
const frameOf = (letters: number) => new RegExp(`;${QUERY_COLUMN + letters}H\\x1b\\[\\?25h`)
