import { expect, test } from 'vitest'
import type { Message, Session } from '../../../core/index.ts'
import { createHistory } from './history.ts'

const session = (title: string, ...messages: string[]) =>
  ({ id: 's', title, messages: messages.map((id) => ({ id })) }) as unknown as Session & { messages: Message[] }

const start = () =>
  createHistory((text) => {
    throw new Error(text)
  })

test('the checker of histories finds a title that comes back, and a message that is gone', () => {
  const history = start()
  history.wrote('a', { id: 's', set: { title: 'one' } }, [])
  history.wrote('b', { id: 's', set: { title: 'two' } }, [session('one')])
  history.wrote('b', { id: 's', set: { title: 'three' } }, [session('two')])
  history.read('c', [session('two', 'm')])
  history.read('c', [session('three', 'm')])
  expect(() => history.read('c', [session('one', 'm')])).toThrow('c read the title one of s again, after three')
  expect(() => history.read('b', [session('two')])).toThrow('b read the title two of s again, after three')
  expect(() => history.read('c', [session('three')])).toThrow('c no longer reads m of s')
  expect(() => history.read('c', [])).toThrow('c no longer reads m of s')
})

test('the checker of histories accepts what was removed, and the titles of others', () => {
  const history = start()
  history.wrote('a', { id: 's', set: { title: 'one' }, append: [{ id: 'm' } as Message] }, [])
  history.wrote('b', { id: 's', set: { title: 'two' } }, [])
  history.read('a', [session('two', 'm')])
  history.wrote('b', { id: 's', removeMessages: ['m'] }, [session('two', 'm')])
  history.read('a', [session('two')])
  history.wrote('b', { id: 's', remove: true }, [session('two')])
  history.read('a', [])
})
