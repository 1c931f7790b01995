import { type Candidate, type Completer, type Host, type Message, messageRow, type Session, sessionRow } from 'ainative-code'
import { BUILTIN_FUNCTIONS } from './builtin-functions.ts'

/** The maximum length of the word to complete. */
const MAX_LENGTH = 64

const FIELDS = [
  'sessions',
  'messages',
  ...Object.keys(sessionRow({ created_at: '', updated_at: '' } as Session)),
  ...Object.keys(messageRow({ timestamp: '' } as Message)),
  'usage',
  'tokens',
]

/** Completes names in an expression: functions and variables after `$`, else fields of sessions and messages. */
export const jsonata: Completer = {
  name: 'jsonata',
  values(host, text) {
    const [word = ''] = /\$?\w*$/.exec(text.slice(-MAX_LENGTH)) ?? []
    const head = text.slice(0, text.length - word.length)
    if (word === '') return []
    const names = word.startsWith('$') ? functionsOf(host) : [...new Set(FIELDS)].map((value) => ({ value, open: true }))
    return names.filter(({ value }) => value.startsWith(word)).map((each) => ({ ...each, value: head + each.value }))
  },
}

const functionsOf = (host: Host): Candidate[] => [
  ...[...host.variables.keys()].map((name) => ({ value: `$${name}`, open: true })),
  ...BUILTIN_FUNCTIONS.map((name) => ({ value: `$${name}(`, open: true })),
  ...host
    .functions()
    .all()
    .map(({ name, summary }) => ({ value: `$${name}(`, about: summary, open: true })),
]
