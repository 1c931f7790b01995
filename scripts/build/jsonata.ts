import fs from 'node:fs/promises'
import type { Plugin } from 'esbuild'

const BEGIN = 'var merge_iter = async function (result, left, right) {'
const END = 'await merge_iter(merged, l, r);\n            return merged;'

const LINEAR = `var merged = [];
            var i = 0, k = 0;
            while (i < l.length && k < r.length) merged.push(await comp(l[i], r[k]) ? r[k++] : l[i++]);
            while (i < l.length) merged.push(l[i++]);
            while (k < r.length) merged.push(r[k++]);
            return merged;`

/**
 * The merge of JSONata's sort without a copy of what is left at each step, which made sorting quadratic. plugins/query/sort.ts does not
 * reach the sorts within joins (`@`, `#`, `%`).
 */
export const linearSort: Plugin = {
  name: 'linear-merge',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/jsonata\/jsonata\.js$/ }, async ({ path: file }) => {
      const text = await fs.readFile(file, 'utf8')
      const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
      if (begin < 0 || end < begin) throw new Error('the sort of this jsonata is not the one that scripts/build/jsonata.ts mends')
      return { contents: text.slice(0, begin) + LINEAR + text.slice(end + END.length) }
    })
  },
}
