import fs from 'node:fs'
import path from 'node:path'
import { codeOf, configFolder, fileProblem, notFound, Problem, replacePrivateFile, suggestion, usage } from 'ainative-code'

const END = '.md'
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u
const MOST = 1 << 20

/** The folder of the user's templates. */
export const templateFolder = (env: NodeJS.ProcessEnv) => path.join(configFolder(env), 'templates')

/** The names of the templates, in order. */
export function templateNames(env: NodeJS.ProcessEnv): string[] {
  try {
    const names = fs.readdirSync(templateFolder(env)).filter((name) => name.endsWith(END))
    return names
      .map((name) => name.slice(0, -END.length))
      .filter((name) => NAME.test(name))
      .sort()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw fileProblem(error, templateFolder(env), 'read')
  }
}

/** The file of a template; a name is no path. */
export function templateFile(name: string, env: NodeJS.ProcessEnv): string {
  if (NAME.test(name)) return path.join(templateFolder(env), name + END)
  throw usage(`${JSON.stringify(name)} is not the name of a template: expected letters, digits, -, _ and .`)
}

/** The text of a template; undefined where there is none. */
export function readTemplate(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = templateFile(name, env)
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (!stat) return undefined
  if (!stat.isFile() || stat.size > MOST) throw new Problem('template', `cannot read ${file}: expected a file of at most 1 MB`)
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw fileProblem(error, file, 'read')
  }
}

export function missingTemplate(name: string, env: NodeJS.ProcessEnv): Problem {
  return new Problem('no-template', notFound('template', name), {
    hint: suggestion(name, templateNames(env)) ?? `ainative-code template new ${name} makes one`,
  })
}

/** Replaces the file of a template as a whole. */
export function writeTemplate(name: string, text: string, env: NodeJS.ProcessEnv): string {
  const file = templateFile(name, env)
  try {
    replacePrivateFile(file, text)
    return file
  } catch (error) {
    throw fileProblem(error, file, 'write')
  }
}
