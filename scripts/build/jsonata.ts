import fs from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/** The changes of JSONata's sort: the begin and the end of a text, and its replacement. */
const CHANGES: [begin: string, end: string, text: string][] = [
  // The package's merge copies the remaining items at each step.
  [
    'var merge_iter = async function (result, left, right) {',
    'await merge_iter(merged, l, r);',
    `var merged = [];
            var i = 0, k = 0;
            while (i < l.length && k < r.length) merged.push(await comp(l[i], r[k]) ? r[k++] : l[i++]);
            while (i < l.length) merged.push(l[i++]);
            while (k < r.length) merged.push(r[k++]);`,
  ],
  // The package's comparison evaluates the terms of both rows at each call.
  [
    'var comparator = async function(a, b) {',
    '{',
    'var keys = expr.terms.map(function () { return new Map(); });\n        var comparator = async function(a, b) {',
  ],
  ...['a', 'b'].map((row): [string, string, string] => [
    `var ${row}${row} = await evaluate(term.expression, context, env);`,
    ';',
    `if (!keys[index].has(${row})) keys[index].set(${row}, await evaluate(term.expression, context, env));
                var ${row}${row} = keys[index].get(${row});`,
  ]),
]

/** Changes JSONata's source: `^( )` and `$sort` then take n log n time instead of quadratic time. */
export const withFastSort = (source: string): string => CHANGES.reduce((text, change) => replaceOnce(text, ...change), source)

function replaceOnce(text: string, begin: string, end: string, replacement: string): string {
  const start = text.indexOf(begin)
  const stop = text.indexOf(end, start + begin.length - end.length)
  if (start < 0 || stop < 0 || text.includes(begin, start + 1))
    throw new Error(`this version of jsonata has another sort: scripts/build/jsonata.ts expects ${JSON.stringify(begin)} once`)
  return text.slice(0, start) + replacement + text.slice(stop + end.length)
}

/** Applies withFastSort to the bundled package jsonata. */
export const fastSort: Plugin = {
  name: 'fast-sort',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/jsonata\/jsonata\.js$/ }, async ({ path: file }) => ({
      contents: withFastSort(await fs.readFile(file, 'utf8')),
    }))
  },
}
