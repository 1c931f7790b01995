import type { Message, Role, Transcript } from '../contract/session.ts'

/** Texts that are easy to damage: quotes, markup, several scripts, control characters, a lone surrogate. */
export const HARD_TEXTS: readonly string[] = [
  '',
  ' ',
  'line one\nline two\r\nline three\n',
  '"quoted", \'single\', `code`, ```\nfence\n```',
  '<b>&amp;</b> \\ | * _ # [link](x)',
  '你好 สวัสดี שלום 👩‍👩‍👧 e\u0301',
  'nul \0, escape \x1b[31m, tab \t, separator \u2028',
  'lone surrogate \ud800 end',
  '__proto__',
]

/** A session whose messages have these contents, from the user and the assistant in turn. */
export function sampleSession(contents: readonly string[], fields: Partial<Transcript> = {}): Transcript {
  const messages = contents.map((content, i) => sampleMessage(i + 1, i % 2 === 0 ? 'user' : 'assistant', content))
  return {
    id: 'abcdefgh1234',
    title: 'Sample',
    status: 'active',
    provider: 'openai',
    model: 'gpt-x',
    tags: ['go', 'api'],
    metadata: { project: 'demo' },
    message_count: messages.length,
    created_at: '2024-01-15T10:00:00Z',
    updated_at: '2024-01-15T10:05:00Z',
    messages,
    ...fields,
  }
}

/** A message with this place in its session. */
export const sampleMessage = (seq: number, role: Role, content: string): Message => ({
  id: `01HM00000000000000000000${String(seq).padStart(2, '0')}`,
  seq,
  role,
  content,
  timestamp: `2024-01-15T10:${String(seq % 60).padStart(2, '0')}:00Z`,
})

/** A value whose objects and arrays cannot change, so that a plugin that changes its input fails. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const each of Object.values(value)) frozen(each)
  }
  return value
}
