import { type Candidate, type Completer, type Host, messageRow, sessionRow } from 'ainative-code'

/** JSONata's own functions; it does not tell them itself. */
export const FUNCTIONS =
  'abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now number pad parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt string substring substringAfter substringBefore sum toMillis trim type uppercase zip'.split(
    ' ',
  )

const LONGEST = 64

const FIELDS = [
  'sessions',
  'messages',
  ...Object.keys(sessionRow(Object.create(null))),
  ...Object.keys(messageRow(Object.create(null))),
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
