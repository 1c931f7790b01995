import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Message, Session } from '../../../core/index.ts'
import { findSecrets } from '../../../plugins/share/secrets/find-secrets.ts'
import { findPrivateKeys } from '../../../plugins/share/secrets/private-keys.ts'
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

/** Private keys in the formats of OpenSSL. */
function opensslKeys(): [string, string][] {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
  const ed25519 = generateKeyPairSync('ed25519').privateKey
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'words' } as const
  return [
    ['rsa, pkcs1', rsa.export({ type: 'pkcs1', format: 'pem' })],
    ['rsa, pkcs1, encrypted', rsa.export({ type: 'pkcs1', format: 'pem', ...cipher })],
    ['rsa, pkcs8', rsa.export({ type: 'pkcs8', format: 'pem' })],
    ['ec, sec1', ec.export({ type: 'sec1', format: 'pem' })],
    ['ec, pkcs8, encrypted', ec.export({ type: 'pkcs8', format: 'pem', ...cipher })],
    ['ed25519', ed25519.export({ type: 'pkcs8', format: 'pem' })],
  ].map(([name, pem]) => [String(name), String(pem).trimEnd()])
}

/** The same key under the first line of another program, after its headers. */
const relabel = (pem: string, label: string, headers = '') =>
  pem.replace(/(BEGIN|END) .*?-----/g, `$1 ${label}-----`).replace('\n', `\n${headers}`)

const RSA = opensslKeys()[0]?.[1] ?? ''
const KEYS: [string, string][] = [
  ...opensslKeys(),
  ['OpenSSH', relabel(RSA, 'OPENSSH PRIVATE KEY')],
  ['DSA', relabel(RSA, 'DSA PRIVATE KEY')],
  ['PGP', relabel(RSA, 'PGP PRIVATE KEY BLOCK', 'Version: GnuPG v2\nComment: a key\n\n')],
]
const FORMS: [string, (pem: string) => string][] = [
  ['as it is', (pem) => pem],
  ['with CRLF', (pem) => pem.replaceAll('\n', '\r\n')],
  ['in a quote', (pem) => pem.replaceAll('\n', '\n> ')],
  ['in a quote of a quote', (pem) => pem.replaceAll('\n', '\n> > ')],
  ['indented', (pem) => pem.replaceAll('\n', '\n    ')],
  ['in JSON', (pem) => JSON.stringify(pem).slice(1, -1)],
  ['in JSON in JSON', (pem) => JSON.stringify(JSON.stringify(pem)).slice(3, -3)],
  ['in JSON with CRLF', (pem) => JSON.stringify(pem.replaceAll('\n', '\r\n')).slice(1, -1)],
  ['in lines of code', (pem) => pem.replaceAll('\n', "\\n' +\n  '")],
  ['in narrow lines', (pem) => pem.replace(/\S{10}/g, (part) => (part.includes('-') ? part : `${part}\n`))],
  ['in one line', (pem) => pem.replaceAll('\n', ' ')],
  ['with numbers of lines', (pem) => pem.replaceAll('\n', '\n12 | ')],
]

test.each(KEYS)('a private key is replaced in each form: %s', async (_, pem) => {
  for (const [name, form] of FORMS) {
    const { messages, findings } = await redact(session(), [message(`before ${form(pem)} after`)], signal)
    expect(messages[0]?.content, name).toBe('before [redacted] after')
    expect(findings).toEqual([{ kind: 'private key', masked: '---***', place: 'message 1' }])
  }
})

test.each(KEYS)('a private key without a last line is replaced to its end: %s', (_, pem) => {
  const cut = pem.slice(0, pem.indexOf('\n-----END'))
  for (const [name, form] of FORMS.filter(([each]) => !/narrow|numbers|one line|code/.test(each)))
    for (const after of ['', '\n\nThis was the key.', '\nIs this a key?'])
      expect(`before ${form(cut)}${after}`.replace(findPrivateKeys(`before ${form(cut)}${after}`)[0] ?? '', 'KEY'), name).toBe(
        `before KEY${after}`,
      )
  expect(findPrivateKeys(`${cut}\n${pem}`)).toEqual([cut, pem])
})

test.each([
  ['-----BEGIN PRIVATE KEY-----', 0],
  ['-----BEGIN PRIVATE KEY-----\nA: ', 0],
  ['-----BEGIN PRIVATE KEY-----\\n', 0],
  [`-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n`, 10_000],
])('a text of many %j is searched in linear time', (part, found) => {
  const begun = process.cpuUsage()
  const keys = findPrivateKeys(`${part.repeat(1_000_000 / part.length)} x`)
  // Linear time is below 0.1 s, quadratic time is minutes.
  expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000)
  expect(keys.length).toBeGreaterThanOrEqual(found)
})

test('the first line of a private key is no secret without the key', () => {
  for (const text of [
    'It starts with -----BEGIN PRIVATE KEY----- and has many lines.',
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
    "pem.startsWith('-----BEGIN PRIVATE KEY-----') && pem.endsWith('-----END PRIVATE KEY-----')",
    relabel(RSA, 'PUBLIC KEY'),
  ])
    expect(findPrivateKeys(text)).toEqual([])
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
