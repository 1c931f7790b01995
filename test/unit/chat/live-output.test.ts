import { expect, test } from 'vitest'
import { createLiveOutput } from '../../../plugins/chat/live-output.ts'

const live = async (columns: number, rows = 10, env: NodeJS.ProcessEnv = {}) => {
  const size = { columns, rows }
  return { size, ...(await createLiveOutput(() => size, env)) }
}

test('a tail is drawn over, and a text stays above it', async () => {
  const { draw, end } = await live(20)
  expect(draw('', 'one')).toBe('one\n')
  expect(draw('', 'one\ntwo')).toBe('\x1b[1A\r\x1b[Jone\ntwo\n')
  expect(draw('one\ntwo', '\n\nthree')).toBe('\x1b[2A\r\x1b[Jone\ntwo\n\nthree\n')
  expect(end('\n\nthree.')).toBe('\x1b[2A\r\x1b[J\nthree.\n')
})

test('rows are counted as the terminal breaks them by then', async () => {
  const { draw, size } = await live(20)
  draw('', 'twenty columns wide.\n\x1b[1m漢字漢字\x1b[22m\n\tx')
  size.columns = 9
  expect(draw('', 'x')).toBe('\x1b[5A\r\x1b[Jx\n')
  draw('', 'twelve chars')
  size.columns = 3
  // Too narrow: nothing is drawn, and nothing is lost.
  expect(draw('\n\nlong', 'er')).toBe('')
  size.columns = 12
  expect(draw(' text', '\n\nx')).toBe('\x1b[1A\r\x1b[J\n\nlong text\n\nx\n')
})

test('a terminal that cuts its lines at a resize has as many rows as lines', async () => {
  for (const env of [{ TERM: 'linux' }, { TERM: 'screen' }, { XTERM_VERSION: 'XTerm(390)' }]) {
    const { draw, size } = await live(20, 10, env)
    draw('', 'twelve chars')
    size.columns = 9
    expect(draw('', 'x')).toBe('\x1b[1A\r\x1b[Jx\n')
  }
})

test('of a tail that is higher than the terminal, the end is shown', async () => {
  const { draw, end } = await live(20, 4)
  expect(draw('', '1\n2\n3\n4\n5')).toBe('3\n4\n5\n')
  expect(end('1\n2\n3\n4\n5')).toBe('\x1b[3A\r\x1b[J1\n2\n3\n4\n5\n')
})
