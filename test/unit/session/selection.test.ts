import { expect, test } from 'vitest'
import { hasSelection, Selection, splitTags, toExpr } from '../../../core/session/selection.ts'

const exprOf = (input: object) => toExpr(Selection().parse(input))

test.each([
  [{}, []],
  [{ search: 'api' }, [{ titleHolds: 'api' }]],
  [{ text: 'rate limit' }, [{ holds: 'rate limit' }]],
  [
    { provider: 'openai', model: 'gpt' },
    [
      { field: 'provider', is: 'openai' },
      { field: 'model', is: 'gpt' },
    ],
  ],
  [{ status: 'archived' }, [{ field: 'status', is: 'archived' }]],
  [{ since: '2024-01-15T00:00:00Z' }, [{ time: 'created_at', from: Date.UTC(2024, 0, 15) }]],
  [{ before: '2024-01-15T00:00:00Z' }, [{ time: 'created_at', before: Date.UTC(2024, 0, 15) }]],
])('%j', (input, conditions) => {
  expect(exprOf(input)).toEqual({ and: [{ trashed: false }, ...conditions] })
})

test('each tag must match; a comma separates tags, unless a tag contains it', () => {
  expect(exprOf({ tag: ['go', 'api'] })).toEqual({ and: [{ trashed: false }, { tag: 'go' }, { tag: 'api' }] })
  expect(exprOf({ tag: ['go,api'] })).toEqual({
    and: [{ trashed: false }, { or: [{ tag: 'go,api' }, { and: [{ tag: 'go' }, { tag: 'api' }] }] }],
  })
  expect(splitTags(' go, api,,go ')).toEqual(['go', 'api'])
})

test('deleted sessions are those in the trash', () => {
  expect(exprOf({ status: 'deleted' })).toEqual({ and: [{ trashed: true }] })
})

test.each([{ search: '' }, { tag: [''] }, { provider: '' }])('%j selects nothing by mistake', (input) => {
  expect(Selection().safeParse(input).success).toBe(false)
})

test('a selection is known by its flags', () => {
  expect([hasSelection(Selection().parse({})), hasSelection(Selection().parse({ model: 'x' }))]).toEqual([false, true])
})
