import fs from 'node:fs/promises'
import path from 'node:path'
import type { Metafile } from 'esbuild'

/** A package whose code is in dist: its name, version, SPDX license expression, and the text of its license files. */
export interface BundledPackage {
  name: string
  version: string
  license: string
  text: string
}

/** Licenses whose only condition is that copies include their text. */
const PERMISSIVE = new Set(
  '0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 Python-2.0 Unicode-3.0 Unlicense Zlib'.split(' '),
)

/** SPDX names of licenses that old packages name in another way. */
const SPDX: Record<string, string> = { 'Apache License, Version 2.0': 'Apache-2.0' }

/** Writes THIRD_PARTY_LICENSES.md for the packages of these builds, and for `others`, which the metafiles do not list. */
export async function writeLicenses(root: string, builds: readonly Pick<Metafile, 'outputs'>[], others: readonly string[]): Promise<void> {
  const folders = new Set([...builds.flatMap(packageFolders), ...others.map((name) => `node_modules/${name}`)])
  const packages = await Promise.all([...folders].map((folder) => readPackage(path.join(root, folder))))
  await fs.writeFile(path.join(root, 'THIRD_PARTY_LICENSES.md'), licensesPage(packages))
}

/** Returns the folders of the packages that have code in the outputs of a build. */
export const packageFolders = ({ outputs }: Pick<Metafile, 'outputs'>): string[] =>
  Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [])

async function readPackage(folder: string): Promise<BundledPackage> {
  const { name, version, license, licenses } = JSON.parse(await fs.readFile(path.join(folder, 'package.json'), 'utf8'))
  const texts = await Promise.all((await licenseFiles(folder)).map((file) => fs.readFile(file, 'utf8')))
  const text = texts.map((each) => each.replace(/\r\n?/g, '\n').trim()).join('\n\n')
  const named: string = license?.type ?? license ?? licenses?.[0]?.type ?? ''
  return { name, version, license: SPDX[named] ?? named, text }
}

/** Returns the license files of a package, and the files in its folder `licenses`, which are for code that the package contains. */
async function licenseFiles(folder: string): Promise<string[]> {
  const entries = (await fs.readdir(folder, { withFileTypes: true })).filter(({ name }) => /^(licen[cs]es?|copying|notice)\b/i.test(name))
  const files = entries.map(async (entry) => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? (await fs.readdir(file)).map((name) => path.join(file, name)) : [file]
  })
  return (await Promise.all(files)).flat().sort()
}

/** Returns the text of THIRD_PARTY_LICENSES.md. Throws for a package without a permissive license. */
export function licensesPage(packages: readonly BundledPackage[]): string {
  for (const { name, version, license } of packages)
    if (!isPermissive(license))
      throw new Error(`the license of ${name} ${version} is not permissive: ${license || 'package.json has no license'}`)
  const names = new Map<string, Set<string>>()
  for (const { name, version, license, text } of packages.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    names.set(text, (names.get(text) ?? new Set()).add(`${name} ${version} (${license})`))
  return `# Third-party licenses\n\nThe code in \`dist\` contains these packages.\n${[...names].map(section).join('')}`
}

/** Returns the packages that share a license text, and the text. */
const section = ([text, names]: [string, Set<string>]) =>
  `\n${[...names].map((name) => `- ${name}`).join('\n')}\n\n${text ? `\`\`\`\`text\n${text}\n\`\`\`\`\n` : 'These packages have no license file.\n'}`

/** True if an SPDX expression offers a permissive license as a choice, or consists of permissive licenses. */
function isPermissive(license: string): boolean {
  const ids = license.replace(/[()]/g, '').split(/ OR | AND /)
  return license.includes(' AND ') ? ids.every((id) => PERMISSIVE.has(id)) : ids.some((id) => PERMISSIVE.has(id))
}
