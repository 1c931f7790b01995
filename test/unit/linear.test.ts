import { afterEach, expect, test, vi } from 'vitest'
import { readPieces, WIRES } from '../helpers/wire/read.ts'

afterEach(() => vi.restoreAllMocks())

/** How many characters the searches for a text within another one may pass while a reply of so many choices is read. */
async function searched(count: number, choiceOf: (at: number) => object): Promise<number> {
  const choices = [...Array.from({ length: count }, (_, at) => choiceOf(at)), { delta: {}, finish_reason: 'stop' }]
  const body = Buffer.from(choices.map((choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`).join(''))
  let passed = 0
  const { includes } = String.prototype
  const spy = vi.spyOn(String.prototype, 'includes').mockImplementation(function (this: string, ...args) {
    passed += this.length
    return includes.apply(this, args)
  })
  const { text, error } = await readPieces([body], WIRES.openai)
  spy.mockRestore()
  expect({ text, error }).toEqual({ text: Array.from({ length: count }, (_, at) => `${at} `).join(''), error: undefined })
  return passed
}

const said = (at: number, more: object = {}) => ({ delta: { content: `${at} `, ...more } })

test.each<[string, (at: number) => object]>([
  ['has an unknown field', (at) => said(at, { aside: 'this is said beside the reply' })],
  ['has an unknown field of another value each', (at) => said(at, { aside: `this is said beside the reply (${at})` })],
  ['has an unknown field of another name each', (at) => said(at, { [`aside${at}`]: 'this is said beside the reply' })],
  ['repeats the piece before it', (at) => said(at, { answer: `${Math.max(at - 1, 0)} ` })],
  ['has a source that holds text', (at) => said(at, { annotations: [{ url: `https://example.com/${at}`, content: `source ${at}` }] })],
  ['comes again in a message', (at) => ({ ...said(at), message: { content: `${at} ` } })],
  ['has another message', (at) => ({ ...said(at), message: { content: 'working' } })],
])('a reply of which each piece %s is read in linear time', async (_, choiceOf) => {
  await searched(100, choiceOf)
  const few = await searched(1000, choiceOf)
  expect(await searched(4000, choiceOf)).toBeLessThan(8 * few + 500_000)
})
