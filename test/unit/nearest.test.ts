import { expect, test } from 'vitest'
import { nearestCommand, suggestCommand } from '../../core/command/suggest-command.ts'
import type { CommandEntry } from '../../core/contract/host.ts'
import { nearest, suggestion } from '../../core/kernel/nearest.ts'

test.each([
  ['lits', 'list'],
  ['cuont', 'count'],
  ['serch', 'search'],
  ['conf', 'config'],
  ['provdr', 'provider'],
  ['l', undefined],
  ['test', undefined],
  ['foo', undefined],
  ['', undefined],
  ['abcdefghijkl', undefined],
  ['LIST', 'list'],
  ['ID', 'id'],
  ['X', undefined],
])('%j means %j', (word, name) => {
  expect(nearest(word, ['list', 'e', 'id', 'count', 'clone', 'search', 'config', 'provider', 'fork', 'abcxyzuvwjkl'])).toBe(name)
})

const entries = [
  { name: 'chat', aliases: ['talk'] },
  { name: 'session list', aliases: ['session ls', 'ls'] },
  { name: 'session pin' },
  { name: 'session delete', aliases: ['session rm', 'rm'], destructive: true },
  { name: 'session purge', destructive: true },
] as unknown as CommandEntry[]

test.each([
  ['session lits', 'session list'],
  ['lst', 'ls'],
  ['sesion list', 'session list'],
  ['list', 'session list'],
  ['ses list', 'session'],
  ['sess', 'session'],
  ['hcat now', 'chat'],
  ['session pugre', undefined],
  ['session delet', undefined],
  ['pugre', undefined],
  ['purge', undefined],
  ['delete abc', undefined],
  ['rn', undefined],
  ['session foo', undefined],
])('of commands, %j means %j', (line, name) => {
  expect(nearestCommand(line, entries)).toBe(name)
  expect(suggestCommand(line, entries)).toBe(name && `did you mean the command ${name}?`)
})

test('the hint for one possible value names it', () => {
  expect(suggestion('maybe', ['local-only'])).toBe('expected local-only')
  expect(suggestion('zzz', ['true', 'false'])).toBe('one of true, false')
})
