import assert from 'node:assert/strict'
import type { Format } from '../contract/format.ts'
import type { Message, Transcript } from '../contract/session.ts'
import type { Case } from './case.ts'
import { frozen, HARD_TEXTS, sampleSession } from './samples.ts'

/** The contract of an export format. */
export const formatCases = (format: Format): Case[] => [
  {
    name: `format ${format.name}: has a name and an extension`,
    async run() {
      assert.match(format.name, /\S/)
      assert.match(format.extension, /^\.\w/, 'extension: expected a dot and a name, such as .md')
    },
  },
  {
    name: `format ${format.name}: writes a session without messages`,
    run: async () => void (await textOf(format, sampleSession([]))),
  },
  {
    name: `format ${format.name}: writes any text, and does not change the session`,
    async run() {
      for (const text of HARD_TEXTS)
        await textOf(format, frozen(sampleSession([text, text], { title: text, tags: [text], metadata: { [text]: text } })))
    },
  },
  {
    name: `format ${format.name}: writes the contents of messages`,
    async run() {
      const text = await textOf(format, sampleSession(['alpha', 'beta']))
      for (const word of ['alpha', 'beta']) assert.ok(text.includes(word), `the text does not contain the message ${word}`)
    },
  },
  {
    name: `format ${format.name}: writes the same text for the same session`,
    async run() {
      const session = sampleSession(['alpha', 'beta'])
      assert.equal(await textOf(format, session), await textOf(format, session))
    },
  },
  {
    name: `format ${format.name}: the parts around several sessions are strings`,
    async run() {
      for (const part of Object.values(format.many ?? {})) assert.equal(typeof part, 'string')
    },
  },
]

/** The whole text of a session in this format. */
async function textOf(format: Format, session: Transcript): Promise<string> {
  let text = ''
  for await (const chunk of chunksOf(format, session)) {
    assert.equal(typeof chunk, 'string', 'a format writes strings')
    text += chunk
  }
  return text
}

async function* chunksOf(format: Format, session: Transcript): AsyncIterable<string> {
  const { messages, ...fields } = session
  const written = format.stream ? format.stream(fields, pagesOf(messages), false) : await format.write(session)
  if (typeof written === 'string') yield written
  else yield* written
}

async function* pagesOf(messages: Message[]): AsyncIterable<Message[]> {
  for (const message of messages) yield [message]
}
