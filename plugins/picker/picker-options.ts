import type { Context, Session } from 'ainative-code'
import type { FindMessages } from './find-messages.ts'

/** The result of the picker. */
export interface Choice {
  /** The ids of the selected sessions. */
  ids: string[]
  /** True to continue the chat of the session, false to show the sessions. */
  chats: boolean
}

/** The options of the picker. */
export interface PickerOptions {
  /** The initial query. */
  query: string
  /** True if the command opens the selected sessions, false if the command prints their ids. */
  opensSession: boolean
  find: FindMessages
  sessions: AsyncIterable<Session>
  context: Context
}
