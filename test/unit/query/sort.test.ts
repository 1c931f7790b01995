import fs from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import jsonata from 'jsonata'
import { expect, test, vi } from 'vitest'
import { withFastSort } from '../../../scripts/build/jsonata.ts'
import { rounds } from '../../helpers/thin.ts'

const { resolve } = createRequire(import.meta.url)
const source = fs.readFileSync(resolve('jsonata'), 'utf8')

/** JSONata as the build has it. */
const built = ((module: { exports: typeof jsonata }) => {
  new Function('module', 'exports', withFastSort(source))(module, module.exports)
  return module.exports
})({ exports: {} as typeof jsonata })

/** The result, or the code of the failure, with the package's own sort and with that of the build. */
async function both(text: string, input: unknown): Promise<{ own: unknown; fast: unknown }> {
  const run = async (expression: jsonata.Expression) => {
    try {
      return JSON.stringify(await expression.evaluate(input))
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  return { own: await run(jsonata(text)), fast: await run(built(text)) }
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
    { numRuns: rounds(60) },
  )
})

test.each(['rows^(n)', 'rows@$r^($r.n).$r', 'rows#$i^(n).$i', '$sort(rows, function($a, $b){ $a.n > $b.n })'])(
  '%s copies each row a few times, not once for each other row',
  async (text) => {
    const copied = async (count: number) => {
      const rows = Array.from({ length: count }, (_, i) => ({ n: (i * 7919) % count }))
      let items = 0
      const { slice } = Array.prototype
      const spy = vi.spyOn(Array.prototype, 'slice').mockImplementation(function (this: unknown[], ...args) {
        const part = slice.apply(this, args)
        items += part.length
        return part
      })
      await built(text).evaluate({ rows })
      spy.mockRestore()
      return items
    }
    expect((await copied(800)) / (await copied(100))).toBeLessThan(16)
  },
)

test('each term is evaluated once for a row', async () => {
  let calls = 0
  const expression = built('rows^($key(n))')
  expression.registerFunction('key', (value: number) => {
    calls++
    return value
  })
  const rows = Array.from({ length: 50 }, (_, i) => ({ n: (i * 7) % 50 }))
  expect(await expression.evaluate({ rows })).toMatchObject(rows.toSorted((a, b) => a.n - b.n))
  expect(calls).toBe(50)
})

test('another sort in the package fails the build', () => {
  expect(() => withFastSort(source.replace('merge_iter(merged, l, r)', 'merge_all(merged, l, r)'))).toThrow(
    'this version of jsonata has another sort',
  )
  expect(() => withFastSort(source + source)).toThrow('this version of jsonata has another sort')
})
