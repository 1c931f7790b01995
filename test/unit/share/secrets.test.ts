import { expect, test } from 'vitest'
import type { Message, Session } from '../../../core/index.ts'
import { findSecrets } from '../../../plugins/share/secrets/find-secrets.ts'
import { redact } from '../../../plugins/share/secrets/redact.ts'

const { signal } = new AbortController()
const token = (digit: number) => `ghp_${`a${digit}B2c3`.repeat(6)}`
const KEY = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA7bq8vGkQy3Yw5J1p9uQmT0vXyZ2aBcDeFgHiJkLmNoPqRsTu\n'.repeat(10)}-----END RSA PRIVATE KEY-----`

const session = (title = 'T') => ({ id: 'abc', title, tags: [], metadata: {} }) as unknown as Session
const message = (content: string, seq = 1) => ({ id: `m${seq}`, seq, role: 'user', content }) as Message

test('a secret is found wherever it is, also where two windows meet', async () => {
  const texts = [0, 50_000, 87_990, 88_000, 99_980, 99_999, 100_000, 187_999].map((before, i) => ' '.repeat(before) + token(i))
  for (const [i, text] of texts.entries()) expect((await findSecrets([text], signal)).map((each) => each.text)).toEqual([token(i)])
  expect(await findSecrets(texts, signal)).toHaveLength(texts.length)
})

test('texts with many repetitions do not exceed the stack', async () => {
  const repeated = [
    'a1-',
    'xoxb-',
    '-----BEGIN RSA PRIVATE KEY-----\nA',
    'postgres://a:b',
    'AWS_SECRET_ACCESS_KEY = ',
    'SG.a',
    '\ud800',
    '\0',
  ]
  for (const part of repeated)
    await expect(findSecrets([`xoxb-${part.repeat(3_000_000 / part.length)}`], signal)).resolves.toBeInstanceOf(Array)
})

test('a private key is replaced as a whole, with line ends of each form, and line by line', async () => {
  const line = KEY.split('\n')[1]
  const { messages, findings } = await redact(
    session(),
    [message(`x ${KEY} y`), message(`x ${KEY.replaceAll('\n', '\\n')} y`), message(`z ${line}`)],
    signal,
  )
  expect(messages.map(({ content }) => content)).toEqual(['x [redacted] y', 'x [redacted] y', 'z [redacted]'])
  expect(findings).toEqual([
    { kind: 'private key', masked: '---***', place: 'message 1' },
    { kind: 'private key', masked: '---***', place: 'message 1' },
  ])
})

test('a replaced text that still has the form of a secret is not found again', async () => {
  const { messages } = await redact(session(), [message('//npm.example.com/:_authToken=abcdefgh12345678\nnext line')], signal)
  expect(messages[0]?.content).toBe('//npm.example.com/:_authToken=[redacted]\nnext line')
  expect((await redact(session(), messages, signal)).findings).toEqual([])
})

test('the whole key of AWS is replaced, also without its name', async () => {
  const key = 'wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzKEYabc'
  const { messages } = await redact(session(), [message(`AWS_SECRET_ACCESS_KEY=${key}`), message(`it is ${key}.`, 2)], signal)
  expect(messages.map(({ content }) => content)).toEqual(['AWS_SECRET_ACCESS_KEY=[redacted]', 'it is [redacted].'])
})

test('without secrets, nothing changes', async () => {
  const before = [message('a \ud800 b\0'), message('')]
  expect(await redact(session('<b>'), before, signal)).toEqual({ session: session('<b>'), messages: before, findings: [] })
})
