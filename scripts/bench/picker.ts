import { setTimeout as sleep } from 'node:timers/promises'
import { middle } from './run.ts'
import { type Row, timeRow } from './table.ts'
import { openTerminal } from './terminal.ts'

const ROUNDS = 5
/** Stands in a fifth of the seeded messages, and in some titles. */
const WORD = 'failing'
/** The query starts in this column. */
const START = 3
/** How long a person takes from key to key, and every third time, so that the contents are searched meanwhile. */
const [TYPING_MS, PAUSE_MS] = [60, 220]

/** A key in the picker once all sessions are loaded: from the key to the frame that has it. */
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
  return [timeRow(`a key in the picker, ${sessions} sessions`, middle(times), 50), timeRow('… the slowest of 35', Math.max(...times), 50)]
}

/** The end of a frame with the cursor after so many letters. */
const frameOf = (letters: number) => new RegExp(`;${START + letters}H\\x1b\\[\\?25h`)
