import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeHome, root } from '../helpers/cli.ts'
import { withProgram } from '../helpers/path.ts'

const blocks = (file: string, language: string) =>
  [...fs.readFileSync(path.join(root, file), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] as string,
  )

/** A console block as its commands, each with what it prints. */
const steps = (block: string) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((step) => ({ line: step.slice(0, step.indexOf('\n')), output: step.slice(step.indexOf('\n') + 1) }))

/** Runs every console line of a document in a folder with the examples, after these lines. */
function follow(file: string, ...before: string[]): number {
  const home = makeHome()
  const env = withProgram(home)
  fs.cpSync(path.join(root, 'scripts/examples'), home.path('scripts/examples'), { recursive: true })
  const run = (line: string) =>
    execFileSync('bash', ['-c', line], { cwd: home.dir, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  before.forEach(run)
  const lines = blocks(file, 'console').flatMap(steps)
  for (const { line, output } of lines) expect(run(line).replace(/(?<= as )[0-9a-z]{12}(?=:)/, '<id>'), line).toBe(output)
  return lines.length
}

test("every line of README's tour prints what stands there", () => {
  expect(follow('README.md')).toBeGreaterThan(12)
})

test('so does every line of docs/scripting.md', () => {
  expect(follow('docs/scripting.md', 'ainative-code session import -i scripts/examples/tour.json')).toBeGreaterThan(3)
})

test('docs/commands.md is what help prints, for every command', async () => {
  const home = makeHome()
  const documented = fs.readFileSync(path.join(root, 'docs/commands.md'), 'utf8')
  const listed = [...(await home.ok('help')).matchAll(/^ {2}(\S+(?: \S+)?) {2,}/gm)].map((match) => match[1] as string)
  expect(listed).toContain('session import')
  for (const name of listed)
    expect(documented, name).toContain(`## ${name}\n\n\`\`\`text\n${(await home.ok('help', ...name.split(' '))).trimEnd()}\n\`\`\``)
})

test('links in the docs lead to files that are there', () => {
  for (const file of ['README.md', ...fs.readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)]) {
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(fs.existsSync(path.join(root, path.dirname(file), link as string)), `${file}: ${link}`).toBe(true)
  }
})
