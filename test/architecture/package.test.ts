import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DRIVER } from '../../plugins/sqlite/driver.ts'
import { root } from '../helpers/cli.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-pack-'))
const bin = path.join(folder, 'node_modules/.bin/ainative-code')
const env: NodeJS.ProcessEnv = { ...process.env, HOME: folder, XDG_CONFIG_HOME: '', TZ: 'UTC' }
const run = (file: string, ...args: string[]) =>
  execFileSync(file, args, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** better-sqlite3 12 takes minutes to compile, so the package gets the binary of this checkout; version 13 brings its own. */
beforeAll(() => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  fs.writeFileSync(path.join(folder, 'package.json'), '{}')
  execFileSync('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', path.join(folder, packed.filename)], {
    cwd: folder,
    stdio: 'ignore',
    // No timeout of vitest ends a synchronous call.
    timeout: 240_000,
  })
  const addon = 'node_modules/better-sqlite3/build'
  if (DRIVER === 'better-sqlite3') fs.cpSync(path.join(root, addon), path.join(folder, addon), { recursive: true })
}, 300_000)
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

test('the packed program, installed into an empty folder, creates, lists and exports', () => {
  const { id } = JSON.parse(run(bin, 'session', 'create', '--title', 'Packed', '--tags', 'a,b', '--json'))
  expect(run(bin, 'session', 'list')).toContain(`${id} Packed`)
  run(bin, 'session', 'export', id)
  expect(JSON.parse(fs.readFileSync(path.join(folder, `session-${id}.json`), 'utf8'))).toMatchObject({
    id,
    title: 'Packed',
    metadata: { tags: ['a', 'b'] },
  })
  expect(run(bin, 'query', 'sessions.title')).toBe('"Packed"\n')
})

test('the package brings no old lodash and no source', () => {
  const names = fs.readdirSync(path.join(folder, 'node_modules'))
  expect(names).not.toContain('vorpal')
  expect(names).not.toContain('lodash')
  const shipped = fs.readdirSync(path.join(folder, 'node_modules/ainative-code'))
  expect(shipped).not.toContain('core')
  expect(shipped).toContain('THIRD_PARTY_LICENSES.md')
})

test('there is one core at run time', () => {
  const script = `
    const { definePlugin } = require('ainative-code')
    const config = require('ainative-code/config').default
    const core = require('ainative-code')
    console.log(typeof definePlugin, config.plugins.length > 0, core.Problem === require(require.resolve('ainative-code')).Problem)`
  expect(run(process.execPath, '-e', script)).toBe('function true true\n')
  const texts = chunkTexts()
  // The name of each class that must not be there twice.
  expect(texts.filter((text) => /class \w* ?extends Error\{code;hint;exit/.test(text))).toHaveLength(1)
})

test('a missing driver is named, with the command that installs it', () => {
  const driver = path.join(folder, 'node_modules', DRIVER)
  fs.renameSync(driver, path.join(folder, 'away'))
  const { status, stderr } = spawnSync(process.execPath, [bin, 'session', 'list'], { cwd: folder, env, encoding: 'utf8' })
  fs.renameSync(path.join(folder, 'away'), driver)
  expect(stderr).toContain(`error: the SQLite driver for Node ${process.versions.node} is not installed: package ${DRIVER} is missing\n`)
  expect(stderr).toContain(`hint: npm install --prefix '${folder}'`)
  expect(status).toBe(1)
})

test('a driver without its binary is named, with the command that builds it', () => {
  const driver = path.join(folder, 'node_modules', DRIVER)
  const binaries = path.join(driver, DRIVER === 'better-sqlite3' ? 'build' : 'prebuilds')
  fs.renameSync(binaries, path.join(folder, 'away'))
  const { status, stderr } = spawnSync(process.execPath, [bin, 'session', 'list'], { cwd: folder, env, encoding: 'utf8' })
  fs.renameSync(path.join(folder, 'away'), binaries)
  expect(stderr).toContain(`package ${DRIVER}: no binary for ${process.platform}-${process.arch}\n`)
  expect(stderr).toContain(`hint: npm explore --prefix '${folder}' ${DRIVER} -- npm run build-release`)
  expect(status).toBe(1)
})

function chunkTexts(): string[] {
  const dist = path.join(createRequire(path.join(folder, 'x.js')).resolve('ainative-code/package.json'), '../dist')
  return fs
    .readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => fs.readFileSync(path.join(dist, name), 'utf8'))
}
