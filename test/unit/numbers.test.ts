import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseForeignJson, stringifyJson } from '../../core/session/exact-number.ts'

const digits = fc.stringMatching(/^\d{1,25}$/)
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^(0|[1-9]\d{0,24})$/),
    fc.option(digits),
    fc.option(fc.stringMatching(/^[eE][+-]?\d{1,4}$/)),
  )
  .map(([sign, whole, fraction, exponent]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent ?? ''}`)
const text = fc
  .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1.10', '"', '\\', '\\"', ': 1.10,', '__proto__', '[1.0]'))
  .map((each) => JSON.stringify(each))

/** JSON as text, with numbers in every form that JSON has. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    number,
    text,
    fc.constantFrom('null', 'true', 'false'),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(text, tie('json')), { maxLength: 4, selector: ([key]) => key })
      // Keys that look like indexes would change their order.
      .map((entries) => `{${entries.map(([key, value]) => `"k${key.slice(1)}:${value}`).join(',')}}`),
  ),
}))

test('any JSON comes back byte for byte', () => {
  fc.assert(
    fc.property(json, (each) => {
      expect(stringifyJson(parseForeignJson(each))).toBe(each)
    }),
  )
})
