import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Installs the last commit on other versions of Node, in temporary folders, and runs tests there:
 * `npm run test:node -- [VERSION…] [TEST FILE…]`. Default: the smoke and package tests on Node 22, 24 and 26.
 */
const root = path.resolve(import.meta.dirname, '..')
const words = process.argv.slice(2)
const isVersion = (word: string) => /^\d+(\.\d+)*$/.test(word)
const versions = words.some(isVersion) ? words.filter(isVersion) : ['22', '24', '26']
const files = words.every(isVersion) ? ['test/smoke', 'test/architecture'] : words.filter((word) => !isVersion(word))

// The terminal also sends Ctrl-C to the running child, which then fails. The loop below stops after that version.
let interrupted = false
process.on('SIGINT', () => {
  interrupted = true
})

const summaries: string[] = []
for (const version of versions) if (!interrupted) summaries.push(await testOn(version))
process.stdout.write(`\n${summaries.map((summary) => `${summary}\n`).join('')}`)
if (interrupted) process.exitCode = 130

async function testOn(version: string): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `ainative-node-${version}-`))
  try {
    return await testIn(folder, version)
  } catch (error) {
    process.exitCode = 1
    return `Node ${version}: ${error instanceof Error ? error.message : error}`
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

async function testIn(folder: string, version: string): Promise<string> {
  const [clone, report] = [path.join(folder, 'clone'), path.join(folder, 'report.json')]
  const node = await installNode(folder, version)
  await run('git', ['clone', '--quiet', root, clone], folder)
  // Native packages are compiled against the headers that come with the binary.
  const env = { ...process.env, PATH: `${path.join(node, 'bin')}:${process.env.PATH}`, npm_config_nodedir: node }
  await run('npm', ['ci'], clone, env)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  // The report counts failed tests. Without a report, vitest itself failed.
  const failure = await run('npx', ['vitest', 'run', ...reporters, ...files], clone, env).catch((error) => error)
  if (!fs.existsSync(report)) throw failure
  if (failure) process.exitCode = 1
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(fs.readFileSync(report, 'utf8'))
  const exact = execFileSync(path.join(node, 'bin/node'), ['--version'], { encoding: 'utf8' }).trim()
  return `Node ${exact}: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped${failure ? `; ${failure.message}` : ''}`
}

/** Installs this Node version from the npm registry. Returns the folder with bin/node, and the headers in include/. */
async function installNode(folder: string, version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`
  await run('npm', ['install', '--no-save', '--prefix', path.join(folder, 'node'), `${name}@${version}`], folder)
  return path.join(folder, 'node/node_modules', name)
}

async function run(file: string, argv: string[], cwd: string, env = process.env): Promise<void> {
  const [code, signal] = await once(spawn(file, argv, { cwd, env, stdio: 'inherit' }), 'exit')
  if (code !== 0) throw new Error(`${file} ${argv[0]} failed with ${signal ?? `exit code ${code}`}`)
}
