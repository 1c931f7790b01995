import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseAst } from 'vitest/node'
import { root } from '../helpers/cli.ts'

interface Node {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

const sources = ['core', 'plugins']
  .flatMap((folder) =>
    fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => {
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    return { file, text, body: parseAst(text, { lang: 'ts' }).body as unknown as Node[] }
  })

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

test('every exported declaration has a doc comment', () => {
  const exported = sources.flatMap(({ file, text, body }) =>
    body
      // Re-exports have the comment of what they export.
      .filter(({ type, declaration }) => type.startsWith('Export') && isNode(declaration))
      .map(({ start }) => ({
        place: `${file}:${text.slice(0, start).split('\n').length}`,
        // A line for the linter may stand between.
        before: text
          .slice(0, start)
          .replace(/\n\/\/[^\n]*\n$/, '')
          .trimEnd(),
      })),
  )
  expect(exported.length).toBeGreaterThan(1000)
  expect(exported.filter(({ before }) => !before.endsWith('*/')).map(({ place }) => place)).toEqual([])
})
