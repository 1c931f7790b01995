import fs from 'node:fs/promises'
import path from 'node:path'
import type { Plugin } from 'esbuild'

const from = (file: string) => JSON.stringify(path.resolve('plugins/providers', file))
const OURS = `import { Headers } from ${from('headers.ts')}\nimport { ReadableStream, TextDecoderStream, TransformStream } from ${from('streams.ts')}\n`

/** It warns of each line that it does not understand. */
const SILENT = 'const console = { warn() {}, error() {} }\n'

/** Anthropic may send events of new types, which its documentation asks to pass over; the SDK throws. */
function tolerant(file: string, source: string): string {
  if (!file.endsWith('@ai-sdk/anthropic/dist/index.mjs')) return source
  const parts = source.split(/throw new Error\(\s*`Unsupported (?:chunk|delta|content block) type: [^`]*`\s*\)/)
  if (parts.length !== 4) throw new Error(`${file} has changed; look at what it does with events that it does not know`)
  return parts.join('return')
}

/**
 * Makes the SDKs of the providers quick to start. They make each of their requests with the web's Headers, which bring the whole of
 * node's fetch, read the answer through four of the web's streams, and build schemas of all that it may hold, to check every piece of
 * it: half of what a chat takes. With these, headers and streams are ours, and every schema takes everything as it is, without the
 * defaults and changes that it would make.
 */
export const sdk: Plugin = {
  name: 'sdk',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /node_modules\/(@ai-sdk\/[a-z-]+|ollama|aws4fetch|eventsource-parser)\/.*\.(m?js|ts)$/ }, async ({ path: file }) => ({
      contents: OURS + (file.includes('/ollama/') ? SILENT : '') + tolerant(file, await fs.readFile(file, 'utf8')),
      loader: file.endsWith('.ts') ? 'ts' : 'js',
    }))
    // What it adds is in node.
    onResolve({ filter: /^whatwg-fetch$/ }, () => ({ path: 'whatwg-fetch', namespace: 'nothing' }))
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: '' }))
    onResolve({ filter: /^zod\/v[34]$/ }, ({ path: id, importer }) =>
      importer.includes('/node_modules/@ai-sdk/') ? { path: id, namespace: 'anything' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'anything' }, () => ({ contents: ANYTHING }))
  },
}

/** What the SDKs use of zod: a schema has every method, and each gives a schema. */
const ANYTHING = `
  const known = { '~standard': { vendor: 'zod' }, _zod: {} }
  export const z = new Proxy(function () {}, {
    has: (_, key) => key in known,
    get: (_, key) => known[key] ?? z,
    apply: () => z,
  })
  export const safeParseAsync = async (_, data) => ({ success: true, data })
  export const toJSONSchema = () => ({})
  export const ZodFirstPartyTypeKind = {}
`
