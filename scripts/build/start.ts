import type { Metafile } from 'esbuild'

/** Packages that a start needs. */
const PACKAGES = ['date-fns', 'fastest-levenshtein', 'nanoid', 'tapable', 'ulid', 'zod']

/** The maximum size of the part of zod in a start, in bytes before minifying. The part that the AI SDKs use is three times as large. */
const MAX_ZOD = 220_000

/** Throws unless a start reads one file besides the entry `main`, and this file contains only the packages that a start needs. */
export function checkStart({ outputs }: Pick<Metafile, 'outputs'>, main: string): void {
  const inputs = [...startFiles(outputs, main)].map((file) => outputs[file]?.inputs ?? {}).filter((each) => Object.keys(each).length > 0)
  if (inputs.length !== 1)
    throw new Error(`a start reads ${inputs.length} files instead of one: scripts/build/start-modules.ts must import their modules`)
  const sizes = packageSizes(inputs[0] ?? {})
  const other = [...sizes.keys()].find((name) => !PACKAGES.includes(name))
  if (other) throw new Error(`a start loads the package ${other}: import the package where it is first needed`)
  const zod = sizes.get('zod') ?? 0
  if (zod > MAX_ZOD) throw new Error(`a start loads ${zod} bytes of zod: the alias of zod/v4 in scripts/build.ts is not in effect`)
}

/** Returns the entry and each file that it imports statically, directly or not. */
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

/** Returns the name of the package that a file of node_modules belongs to. */
const packageOf = (file: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]
