import { type Candidate, type Completer, type Host, type Message, messageRow, type Session, sessionRow } from 'ainative-code'
import { FUNCTIONS } from './functions.ts'

const LONGEST = 64

const FIELDS = [
  'sessions',
  'messages',
  ...Object.keys(sessionRow({ created_at: '', updated_at: '' } as Session)),
  ...Object.keys(messageRow({ timestamp: '' } as Message)),
  'usage',
  'tokens',
]

/** Names that an expression may go on with: functions after a `$`, else what sessions and messages have. */
export const jsonata: Completer = {
  name: 'jsonata',
  values(host, text) {
    // Of a long text, only its end.
    const [word = ''] = /\$?\w*$/.exec(text.slice(-LONGEST)) ?? []
    const head = text.slice(0, text.length - word.length)
    if (word === '') return []
    const names = word.startsWith('$') ? functionsOf(host) : [...new Set(FIELDS)].map((value) => ({ value, open: true }))
    return names.filter(({ value }) => value.startsWith(word)).map((each) => ({ ...each, value: head + each.value }))
  },
}

const functionsOf = (host: Host): Candidate[] => [
  ...[...host.variables.keys()].map((name) => ({ value: `$${name}`, open: true })),
  ...FUNCTIONS.map((name) => ({ value: `$${name}(`, open: true })),
  ...host
    .functions()
    .all()
    .map(({ name, summary }) => ({ value: `$${name}(`, about: summary, open: true })),
]
