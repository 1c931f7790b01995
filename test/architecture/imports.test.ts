import fs from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../helpers/cli.ts'

interface Source {
  file: string
  text: string
  /** Every module it imports, statically or not; `type` imports vanish and do not count. */
  imports: { name: string; lazy: boolean }[]
}

const sources: Source[] = ['core', 'plugins']
  .flatMap((folder) =>
    fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  .concat('ainative.config.ts')
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => {
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    const fixed = [...text.matchAll(/^(?:import|export)(?! type\b)[^=('"]*?from '([^']+)'/gm), ...text.matchAll(/^import '([^']+)'/gm)]
    const lazy = [...text.matchAll(/import\('([^']+)'\)/g)]
    return {
      file,
      text,
      imports: [...fixed.map((m) => ({ name: m[1] as string, lazy: false })), ...lazy.map((m) => ({ name: m[1] as string, lazy: true }))],
    }
  })

const resolved = ({ file }: Source, name: string) => path.join(path.dirname(file), name)
const pluginOf = (file: string) => file.split(path.sep)[1]

test('the reader of the sources sees what they import', () => {
  const names = sources.find(({ file }) => file === 'core/load.ts')?.imports.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['./layers.ts', './host.ts', 'ainative-code/config']))
})

test('core imports no plugin, and plugins import core only as ainative-code', () => {
  for (const source of sources) {
    for (const { name } of source.imports.filter(({ name }) => name.startsWith('.'))) {
      const target = resolved(source, name)
      if (source.file.startsWith('core/') && source.file !== 'core/eager.ts') expect(target, source.file).toMatch(/^core\//)
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
  vorpal: /^core\/repl\/vorpal\.ts$/,
  cosmiconfig: /^core\/read-config\.ts$/,
  tapable: /^(core\/hooks\.ts|plugins\/[a-z-]+\/hooks\.ts)$/,
  'better-sqlite3': /^plugins\/sqlite\/driver\.ts$/,
  'better-sqlite3-13': /^plugins\/sqlite\/driver\.ts$/,
  kysely: /^plugins\/sqlite\//,
  esbuild: /^core\/bundler\.ts$/,
  jsonata: /^plugins\/query\//,
  '@ai-sdk/anthropic': /^plugins\/providers\/api\/anthropic\.ts$/,
  '@ai-sdk/openai': /^plugins\/providers\/api\/openai\.ts$/,
  '@ai-sdk/azure': /^plugins\/providers\/api\/azure\.ts$/,
  '@ai-sdk/amazon-bedrock': /^plugins\/providers\/api\/bedrock\.ts$/,
  '@ai-sdk/google': /^plugins\/providers\/api\/gemini\.ts$/,
  '@ai-sdk/openai-compatible': /^plugins\/providers\/api\/(azure|compatible)\.ts$/,
  'eventsource-parser': /^plugins\/providers\/wires\/events\.ts$/,
  '@smithy/eventstream-codec': /^plugins\/providers\/wires\/frames\.ts$/,
  'ollama/browser': /^plugins\/providers\/api\/ollama\.ts$/,
  '@aws-sdk/credential-provider-node': /^plugins\/providers\/api\/aws\.ts$/,
  '@pydantic/genai-prices': /^plugins\/stats\/prices\/providers\.ts$/,
  'echarts/core': /^plugins\/stats\/report\/svg\.ts$/,
}

test('each package has one door', () => {
  for (const { file, imports } of sources) {
    for (const { name } of imports) if (DOORS[name]) expect(file, `${file} imports ${name}`).toMatch(DOORS[name])
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
    ...Object.keys(DOORS).filter((name) => /^@|^ollama|^echarts/.test(name)),
  ]
  const seen = new Set<string>()
  const visit = (file: string) => {
    const source = sources.find((each) => each.file === file)
    if (!source || seen.has(file)) return
    seen.add(file)
    for (const { name } of source.imports.filter(({ lazy }) => !lazy)) {
      expect(heavy, `${file} imports ${name} at its top`).not.toContain(name)
      visit(SELF[name] ? SELF[name] : name.startsWith('.') ? resolved(source, name) : name)
    }
  }
  visit('core/eager.ts')
  expect(seen).toContain('plugins/sqlite/index.ts')
})

test('there are no cycles', () => {
  const done = new Set<string>()
  const visit = (file: string, above: string[]) => {
    expect(above, [...above, file].join(' > ')).not.toContain(file)
    const source = sources.find((each) => each.file === file)
    if (!source || done.has(file)) return
    for (const { name, lazy } of source.imports) {
      if (name.startsWith('.') && !lazy) visit(resolved(source, name), [...above, file])
    }
    done.add(file)
  }
  for (const { file } of sources) visit(file, [])
})

test('only version, main, repl, batch and exit end the process, set its exit code or use the console', () => {
  for (const { file, text } of sources) {
    if (/^core\/(version|main|repl|batch|exit)\.ts$/.test(file)) continue
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
