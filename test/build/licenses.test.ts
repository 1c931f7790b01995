import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { licensesPage, packageFolders } from '../../scripts/build/licenses.ts'
import { root } from '../helpers/cli.ts'

const bundled = (license: string) => ({ name: 'left', version: '1.2.3', license, text: 'Do as you like.' })

test.each(['MIT', '0BSD', 'Python-2.0', '(GPL-3.0-only OR MIT)', 'MIT AND Apache-2.0'])('%s passes', (license) => {
  expect(licensesPage([bundled(license)])).toBe(
    `# Third-party licenses\n\nThe code in \`dist\` contains these packages.\n\n- left 1.2.3 (${license})\n\n\`\`\`\`text\nDo as you like.\n\`\`\`\`\n`,
  )
})

test.each([
  ['GPL-3.0-only', 'GPL-3.0-only'],
  ['MIT AND GPL-3.0-only', 'MIT AND GPL-3.0-only'],
  ['(MIT OR ISC) AND MPL-2.0', '(MIT OR ISC) AND MPL-2.0'],
  ['Apache-2.0 WITH LLVM-exception', 'Apache-2.0 WITH LLVM-exception'],
  ['SEE LICENSE IN LICENSE', 'SEE LICENSE IN LICENSE'],
  ['', 'package.json has no license'],
])('%j fails with the name of the package', (license, shown) => {
  expect(() => licensesPage([bundled('MIT'), bundled(license)])).toThrow(`the license of left 1.2.3 is not permissive: ${shown}`)
})

test('packages with the same text share it, and one without a text is named', () => {
  const page = licensesPage([bundled('MIT'), { ...bundled('MIT'), name: 'a' }, { ...bundled('MIT'), name: 'b', text: '' }, bundled('MIT')])
  expect(page.split('\n').filter((line) => /^(-|Do|These)/.test(line))).toEqual([
    '- a 1.2.3 (MIT)',
    '- left 1.2.3 (MIT)',
    'Do as you like.',
    '- b 1.2.3 (MIT)',
    'These packages have no license file.',
  ])
})

test('a package counts where it has code in the output, by its innermost folder', () => {
  const inputs = Object.fromEntries(
    [
      ['node_modules/a/x.js', 1],
      ['node_modules/@b/c/y.js', 1],
      ['node_modules/a/node_modules/d/z.js', 1],
      ['node_modules/none/x.js', 0],
      ['core/main.ts', 1],
    ].map(([file, bytesInOutput]) => [file, { bytesInOutput: bytesInOutput as number }]),
  )
  const output = { bytes: 1, inputs, imports: [], exports: [] }
  expect(packageFolders({ outputs: { 'dist/x.cjs': output } })).toEqual([
    'node_modules/a',
    'node_modules/@b/c',
    'node_modules/a/node_modules/d',
  ])
})

test('the page of the build names what the program is made of', () => {
  const page = fs.readFileSync(path.join(root, 'THIRD_PARTY_LICENSES.md'), 'utf8')
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  for (const name of ['vorpal', 'jsonata', 'kysely', 'marked', 'echarts', 'nanoid', '@ai-sdk/openai', '@pydantic/genai-prices'])
    expect(page).toContain(`\n- ${name} ${devDependencies[name]} (`)
  expect(page).toMatch(/^- zrender \S+ \(BSD-3-Clause\)$/m)
})
