import type { Io } from '../output/io.ts'
import type { Context } from './command.ts'
import type { Candidate } from './completion.ts'

/** How the text before the cursor may go on. */
export interface Completion {
  candidates: Candidate[]
  /** What of them stands there already. */
  word: string
  /** The quote that the word is in. */
  quote?: string
  /** Where in each value the part begins that is worth showing. */
  shownFrom?: number
}

/** What takes the lines of a terminal: the shell itself, or a conversation that a command enters until it is left. */
export interface Mode {
  /** What stands before a text. */
  prompt(): string | Promise<string>
  /** Adds a line to a text, and tells whether it is whole; `pasted` is the end of a line within a paste. */
  next(text: string | undefined, line: string, pasted: boolean): Taken | Promise<Taken>
  /** Earlier texts, the newest first, which Up goes through. */
  history: string[]
  complete?(before: string): Promise<Completion>
  /** What a key does that is pressed with Ctrl: runs a command on an empty line, else inserts a text. */
  key?(letter: string): BoundKey | undefined
  /** What to say at a Ctrl-C that stops nothing; the next one leaves. Without it, Ctrl-C only clears the line. */
  leaving?: string
  /** Takes a text; false leaves. */
  run(text: string, context: Context): Promise<boolean | undefined>
}

export interface BoundKey {
  /** The line to run. */
  run: string
  insert(io: Io): Promise<string>
}

export interface Taken {
  text: string
  whole: boolean
}
