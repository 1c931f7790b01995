import fs from 'node:fs'
import path from 'node:path'
import { codeOf, configFolder, decodeText, fileProblem, notFound, Problem, replacePrivateFile, suggestion, usage } from 'ainative-code'

const EXTENSION = '.md'
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u
/** The maximum size of a template, in bytes. */
const MAX_BYTES = 1 << 20

/** The folder of the templates. */
export const templateFolder = (env: NodeJS.ProcessEnv) => path.join(configFolder(env), 'templates')

/** The names of the templates, sorted. */
export function templateNames(env: NodeJS.ProcessEnv): string[] {
  try {
    const names = fs.readdirSync(templateFolder(env)).filter((name) => name.endsWith(EXTENSION))
    return names
      .map((name) => name.slice(0, -EXTENSION.length))
      .filter((name) => NAME.test(name))
      .sort()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw fileProblem(error, templateFolder(env), 'read')
  }
}

/** The path of the file of a template. Throws a Problem for an invalid name, such as a path. */
export function templateFile(name: string, env: NodeJS.ProcessEnv): string {
  if (NAME.test(name)) return path.join(templateFolder(env), name + EXTENSION)
  throw usage(`${JSON.stringify(name)} is not a template name: expected letters, digits, -, _ and .`)
}

/** Reads the text of a template; returns undefined if the template does not exist. */
export function readTemplate(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = templateFile(name, env)
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (!stat) return undefined
  if (!stat.isFile() || stat.size > MAX_BYTES) throw new Problem('template', `cannot read ${file}: expected a file of at most 1 MB`)
  try {
    return decodeText(fs.readFileSync(file), file)
  } catch (error) {
    throw fileProblem(error, file, 'read')
  }
}

/** The Problem of an unknown template, with a similar name as the hint. */
export function missingTemplate(name: string, env: NodeJS.ProcessEnv): Problem {
  return new Problem('no-template', notFound('template', name), {
    hint: suggestion(name, templateNames(env)) ?? `ainative-code template new ${name} creates the template`,
  })
}

/** Replaces the file of a template atomically and returns the path. */
export function writeTemplate(name: string, text: string, env: NodeJS.ProcessEnv): string {
  const file = templateFile(name, env)
  try {
    replacePrivateFile(file, text)
    return file
  } catch (error) {
    throw fileProblem(error, file, 'write')
  }
}
