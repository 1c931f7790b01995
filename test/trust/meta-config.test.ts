import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Home, makeHome, root } from '../helpers/cli.ts'

const writesMarker = (home: Home) => `require('fs').writeFileSync(${JSON.stringify(home.path('marker'))}, '')\nmodule.exports = {}\n`

const REDIRECTION = { searchPlaces: ['redirected.cjs'] }

/** Projects whose files tell cosmiconfig's own function to run code: in its meta configuration, or at a search place that it adds. */
const PROJECTS: [name: string, files: (home: Home) => Record<string, string>][] = [
  ['.config/config.js', (home) => ({ '.config/config.js': writesMarker(home) })],
  ['.config/config.cjs', (home) => ({ '.config/config.cjs': writesMarker(home) })],
  [
    'package.json',
    (home) => ({
      // cosmiconfig 9.0.2 reads the key twice, one within the other.
      'package.json': JSON.stringify({ cosmiconfig: { ...REDIRECTION, cosmiconfig: REDIRECTION } }),
      'redirected.cjs': writesMarker(home),
    }),
  ],
]

test.each(PROJECTS)('a meta configuration of cosmiconfig in %s does not run', async (_, files) => {
  const home = makeHome()
  const inProject = { cwd: home.path('project') }
  const marker = home.path('marker')
  for (const [name, text] of Object.entries(files(home))) home.write(`project/${name}`, text)
  home.write('project/ainative.config.yaml', 'defaults: { limit: 3 }\nown: { a: 1 }\n')
  let shown = ''
  for (const command of ['session list', 'trust', 'config show']) {
    const { code, stdout, stderr } = await home.runWith(inProject, ...command.split(' '))
    expect(code, `${command}: ${stderr}`).toBe(0)
    expect(fs.existsSync(marker), command).toBe(false)
    shown = stdout
  }
  expect(JSON.parse(shown)).toMatchObject({ defaults: { limit: 3 }, own: { a: 1 } })

  // A search by cosmiconfig itself does run the code of this folder, so a marker can appear.
  const script = `require(${JSON.stringify(path.join(root, 'node_modules/cosmiconfig'))}).cosmiconfig('ainative').search()`
  execFileSync(process.execPath, ['-e', script], inProject)
  expect(fs.existsSync(marker)).toBe(true)
})
