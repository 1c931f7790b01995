import type { Context, Session } from 'ainative-code'
import type { FindMessages } from './find.ts'

/** The sessions that were chosen, and whether the person wants to go on chatting. */
export interface Choice {
  ids: string[]
  chats: boolean
}

export interface PickerOptions {
  /** What is searched for at first. */
  query: string
  /** Whether a choice is shown or chatted with, and not printed. */
  acts: boolean
  find: FindMessages
  sessions: AsyncIterable<Session>
  context: Context
}
