import fc from 'fast-check'
import jsonata from 'jsonata'
import { expect, test } from 'vitest'
import { sortFast } from '../../../plugins/query/sort.ts'

/** The result, or the code of the failure, with JSONata's own sort and with ours. */
async function both(text: string, input: unknown): Promise<{ own: unknown; fast: unknown }> {
  const run = async (expression: jsonata.Expression) => {
    try {
      return JSON.stringify(await expression.evaluate(input))
    } catch (error) {
      // Which of the two comes first depends on which rows are compared first.
      return (error as { code: string }).code.replace('T2007', 'T2008')
    }
  }
  const fast = jsonata(text)
  sortFast(fast)
  return { own: await run(jsonata(text)), fast: await run(fast) }
}

const EXPRESSIONS = [
  'rows^(n)',
  'rows^(>n)',
  'rows^(>n, t)',
  'rows^(t, <n)[0]',
  'rows^(n)[-1].t',
  'rows^(n)[[0..2]].{"t": t}',
  'rows[n > 2]^(t).t',
  'rows[n = 3]^(t)',
  'rows^($length(t), >n)',
  'rows^(deep.n)',
  'rows^(list)',
  'rows^(n)^(>t)',
  'rows^(n).deep^(>n).n',
  '$count(rows^(n))',
  '(rows^(n))[].t[]',
  'nothing^(n)',
  'rows.list^($)',
  '[3, 1, 2]^($)',
  'rows{t: $^(n).n}',
  'rows#$i^(>n).$i',
  'rows@$r^($r.n).$r.t',
  '$sort(rows, function($a, $b){ $a.n > $b.n })',
  '$sort(rows, function($a, $b){ $a.t < $b.t }).t',
  '$sort(rows.t)',
  '$sort(rows.n)',
  '$sort(rows)',
  'rows.$sort(list)',
]

test.each(EXPRESSIONS)('%s sorts as JSONata does, whatever the rows', async (text) => {
  const value = fc.record(
    {
      n: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 5 }) }, { weight: 1, arbitrary: fc.constantFrom('x', true, null) }),
      t: fc.string({ maxLength: 2 }),
      deep: fc.record({ n: fc.integer({ min: 0, max: 3 }) }),
      list: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 8 }), async (rows) => {
      const { own, fast } = await both(text, { rows })
      expect(fast).toEqual(own)
    }),
    { numRuns: 60 },
  )
})
