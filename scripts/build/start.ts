import type { Metafile } from 'esbuild'

/** Packages that a start needs. */
const PACKAGES = ['date-fns', 'fastest-levenshtein', 'nanoid', 'tapable', 'ulid', 'zod']

/** Bytes of zod that core's schemas use, before minifying; with what the AI SDKs use, zod is three times as large. */
const MOST_OF_ZOD = 220_000

/** Throws unless a start reads one file beside the entry `main`, with no more of the packages than it needs. */
export function checkStart({ outputs }: Pick<Metafile, 'outputs'>, main: string): void {
  const inputs = [...startFiles(outputs, main)].map((file) => outputs[file]?.inputs ?? {}).filter((each) => Object.keys(each).length > 0)
  if (inputs.length !== 1)
    throw new Error(`a start reads ${inputs.length} files: scripts/build/start-modules.ts does not import what they hold`)
  const sizes = packageSizes(inputs[0] ?? {})
  const other = [...sizes.keys()].find((name) => !PACKAGES.includes(name))
  if (other) throw new Error(`a start loads the package ${other}: import the package where it is first needed`)
  const zod = sizes.get('zod') ?? 0
  if (zod > MOST_OF_ZOD) throw new Error(`a start loads ${zod} bytes of zod: the alias of zod/v4 in scripts/build.ts is not in effect`)
}

/** The entry and each file that it imports statically, directly or not. */
function startFiles(outputs: Metafile['outputs'], main: string): Set<string> {
  const files = new Set([main])
  for (const file of files)
    for (const { path, kind, external } of outputs[file]?.imports ?? []) if (kind === 'import-statement' && !external) files.add(path)
  return files
}

function packageSizes(inputs: Metafile['outputs'][string]['inputs']): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
    const name = packageOf(input)
    if (name) sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput)
  }
  return sizes
}

/** The name of the package that a file of node_modules belongs to. */
const packageOf = (file: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]
