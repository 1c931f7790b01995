import fs from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../helpers/cli.ts'

interface Source {
  file: string
  text: string
  /** Every module that the file imports. Type imports and lazy ones count for circles and rooms, but do not load at a start. */
  imports: { name: string; lazy: boolean; type: boolean }[]
}

const sources: Source[] = ['core', 'plugins']
  .flatMap((folder) =>
    fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  .concat('ainative.config.ts')
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => {
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    const fixed = [...text.matchAll(/^(?:import|export)( type)?\b([^=('"]*?)from '([^']+)'/gm)].map(([, type, names = '', name = '']) => {
      const each = /^\s*\{([^}]*)\}\s*$/
        .exec(names)?.[1]
        ?.split(',')
        .filter((one) => one.trim())
      return { name, lazy: false, type: type !== undefined || (each?.every((one) => one.trim().startsWith('type ')) ?? false) }
    })
    const bare = [...text.matchAll(/^import '([^']+)'/gm)].map(([, name = '']) => ({ name, lazy: false, type: false }))
    const lazy = [...text.matchAll(/(?<!typeof |[.\w])import\('([^']+)'\)/g)].map(([, name = '']) => ({ name, lazy: true, type: false }))
    return { file, text, imports: [...fixed, ...bare, ...lazy] }
  })

const resolved = ({ file }: Source, name: string) => path.join(path.dirname(file), name)
const pluginOf = (file: string) => file.split(path.sep)[1]

test('the reader of the sources sees what they import', () => {
  const names = sources.find(({ file }) => file === 'core/loading/load-host.ts')?.imports.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['../config/layers.ts', './host.ts', 'ainative-code/config']))
})

test('core imports no plugin, and plugins import core only as ainative-code', () => {
  for (const source of sources) {
    for (const { name } of source.imports.filter(({ name }) => name.startsWith('.'))) {
      const target = resolved(source, name)
      if (source.file.startsWith('core/')) expect(target, source.file).toMatch(/^core\//)
      if (source.file.startsWith('plugins/')) expect(target, source.file).toMatch(/^plugins\//)
    }
  }
})

test('a plugin imports another only through its index, and names it in requires', () => {
  for (const source of sources.filter(({ file }) => file.startsWith('plugins/'))) {
    for (const { name } of source.imports.filter(({ name }) => name.startsWith('.'))) {
      const target = resolved(source, name)
      if (pluginOf(target) === pluginOf(source.file)) continue
      expect(target, source.file).toMatch(/^plugins\/[a-z-]+\/index\.ts$/)
      const index = fs.readFileSync(path.join(root, 'plugins', pluginOf(source.file) as string, 'index.ts'), 'utf8')
      expect(index, `${source.file} imports ${target}`).toMatch(new RegExp(`requires: \\[[^\\]]*'${pluginOf(target)}'`))
    }
  }
})

const SELF: Record<string, string> = { 'ainative-code': 'core/index.ts', 'ainative-code/config': 'ainative.config.ts' }

const DOORS: Record<string, RegExp> = {
  vorpal: /^plugins\/shell\/vorpal\.ts$/,
  cosmiconfig: /^core\/config\/read-config\.ts$/,
  tapable: /^(core\/kernel\/hooks\.ts|plugins\/[a-z-]+\/hooks\.ts)$/,
  'better-sqlite3': /^plugins\/sqlite\/driver\.ts$/,
  'better-sqlite3-13': /^plugins\/sqlite\/driver\.ts$/,
  kysely: /^plugins\/(sqlite|zerodb|share)\//,
  pg: /^plugins\/zerodb\/server\/connect\.ts$/,
  'sql-template-tag': /^plugins\/sqlite\//,
  esbuild: /^core\/modules\/bundler\.ts$/,
  jsonata: /^plugins\/query\//,
  '@ai-sdk/anthropic': /^plugins\/providers\/api\/anthropic\.ts$/,
  '@ai-sdk/openai': /^plugins\/providers\/api\/openai\.ts$/,
  '@ai-sdk/azure': /^plugins\/providers\/api\/azure\.ts$/,
  '@ai-sdk/amazon-bedrock': /^plugins\/providers\/api\/bedrock\.ts$/,
  '@ai-sdk/google': /^plugins\/providers\/api\/gemini\.ts$/,
  '@ai-sdk/openai-compatible': /^plugins\/providers\/api\/(azure|compatible)\.ts$/,
  'eventsource-parser': /^plugins\/providers\/readers\/events\.ts$/,
  '@smithy/eventstream-codec': /^plugins\/providers\/readers\/frames\.ts$/,
  'ollama/browser': /^plugins\/providers\/api\/ollama\.ts$/,
  '@aws-sdk/credential-provider-node': /^plugins\/providers\/api\/aws\.ts$/,
  '@pydantic/genai-prices': /^plugins\/stats\/prices\/providers\.ts$/,
  'echarts/core': /^plugins\/stats\/report\/svg\.ts$/,
  '@scure/bip39': /^plugins\/zerodb\/encryption\/words\.ts$/,
  'openid-client': /^plugins\/auth\//,
  '@secretlint/core': /^plugins\/share\/secrets\//,
  '@secretlint/secretlint-rule-preset-recommend': /^plugins\/share\/secrets\//,
}

test('each package has one door', () => {
  for (const { file, imports } of sources) {
    for (const { name } of imports.filter(({ type }) => !type))
      if (DOORS[name]) expect(file, `${file} imports ${name}`).toMatch(DOORS[name])
  }
  for (const name of Object.keys(DOORS))
    expect(
      sources.some(({ imports }) => imports.some((each) => each.name === name)),
      `${name} is used`,
    ).toBe(true)
})

test('heavy packages are imported where they are first needed, never at the top of what a start loads', () => {
  const heavy = [
    'vorpal',
    'cosmiconfig',
    'better-sqlite3',
    'better-sqlite3-13',
    'kysely',
    'pg',
    'jsonata',
    'esbuild',
    'marked',
    'lowlight',
    'cli-table3',
    'entities',
    'wrap-ansi',
    'yaml',
    'http-proxy-agent',
    'https-proxy-agent',
    'csv-stringify/sync',
    'fast-string-truncated-width',
    'get-east-asian-width',
    ...Object.keys(DOORS).filter((name) => /^@|^ollama|^echarts|^openid/.test(name)),
  ]
  const seen = new Set<string>()
  const visit = (file: string) => {
    // The build turns a command index into entries with loaders.
    if (file.endsWith('/command-index.ts')) return
    const source = sources.find((each) => each.file === file)
    if (!source || seen.has(file)) return
    seen.add(file)
    for (const { name } of source.imports.filter(({ lazy, type }) => !lazy && !type)) {
      expect(heavy, `${file} imports ${name} at its top`).not.toContain(name)
      visit(SELF[name] ? SELF[name] : name.startsWith('.') ? resolved(source, name) : name)
    }
  }
  const start = fs.readFileSync(path.join(root, 'scripts/build/start-modules.ts'), 'utf8')
  for (const [, name = ''] of start.matchAll(/^import '([^']+)'/gm)) visit(path.join('scripts/build', name))
  expect(seen).toContain('plugins/sqlite/index.ts')
})

test('there are no circles, type imports and lazy imports counted', () => {
  const done = new Set<string>()
  const visit = (file: string, above: string[]) => {
    expect(above, [...above, file].join(' > ')).not.toContain(file)
    const source = sources.find((each) => each.file === file)
    if (!source || done.has(file)) return
    for (const { name } of source.imports) if (name.startsWith('.')) visit(resolved(source, name), [...above, file])
    done.add(file)
  }
  for (const { file } of sources) visit(file, [])
})

/** The rooms of core, the lowest first. A room imports only from itself and from lower rooms. */
const ROOMS = ['contract', 'kernel', 'files', 'session', 'output', 'modules', 'config', 'loading', 'thread', 'command', 'testing', '.']
const roomOf = (file: string) => path.dirname(path.relative('core', file))

test('the rooms of core import downwards only', () => {
  const core = sources.filter(({ file }) => file.startsWith('core/'))
  for (const source of core) {
    expect(ROOMS, source.file).toContain(roomOf(source.file))
    for (const { name } of source.imports.filter(({ name }) => name.startsWith('.'))) {
      const target = resolved(source, name)
      expect(ROOMS.indexOf(roomOf(target)), `${source.file} imports ${target}`).toBeLessThanOrEqual(ROOMS.indexOf(roomOf(source.file)))
    }
  }
  const flat = core.map(({ file }) => file).filter((file) => roomOf(file) === '.')
  expect(flat.sort()).toEqual(['core/bin-worker.ts', 'core/bin.ts', 'core/index.ts', 'core/main.ts'])
})

test('contract holds types only; contract and kernel stay small', () => {
  let lines = 0
  for (const { file, text, imports } of sources.filter(({ file }) => /^core\/(contract|kernel)\//.test(file))) {
    lines += text.split('\n').length - 1
    if (roomOf(file) !== 'contract') continue
    expect(text, file).not.toMatch(/^export (?!interface |type )/m)
    expect(
      imports.filter(({ type }) => !type),
      file,
    ).toEqual([])
  }
  expect(lines).toBeLessThan(1500)
})

test('core names no feature', () => {
  const features = 'chat|doctor|picker|providers|query|scripts|search|sessions|shell|sqlite|stats'
  for (const { file, text } of sources.filter(({ file }) => file.startsWith('core/'))) {
    // A command is looked up by the words of a line, or comes from a hook.
    expect(text, file).not.toMatch(/commands\(\)\.(find|get)\(['"`]/)
    expect(text, file).not.toMatch(new RegExp(`\\[\\s*'((${features})'\\s*[,\\]]|run', '-)|plugins/(${features})`))
  }
})

test('only version, main, kernel/exit and the shell end the process, set its exit code or use the console', () => {
  for (const { file, text } of sources) {
    if (/^(core\/(main|output\/version|kernel\/exit)|plugins\/shell\/process-events)\.ts$/.test(file)) continue
    expect(text, file).not.toMatch(/\bconsole\.|process\.exit\b|process\.exitCode/)
  }
})

test('every package that is imported is a dependency', () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const known = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }
  for (const { file, imports } of sources) {
    for (const { name } of imports) {
      if (name.startsWith('.') || name.startsWith('ainative-code') || builtinModules.includes(name.replace('node:', ''))) continue
      const bare = name.split('/', name.startsWith('@') ? 2 : 1).join('/')
      expect(known, `${file} imports ${name}`).toHaveProperty([bare])
    }
  }
})

test('tests and scripts get better-sqlite3 from its owner too', () => {
  const files = ['test', 'scripts'].flatMap((folder) =>
    fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  for (const file of files.filter((name) => /\.[cm]?[jt]s$/.test(name)))
    expect(fs.readFileSync(path.join(root, file), 'utf8'), file).not.toMatch(/(from|import\(|require\() ?'better-sqlite3/)
})
