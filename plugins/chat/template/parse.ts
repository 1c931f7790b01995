import { messageOf, Problem, suggestion } from 'ainative-code'
import * as z from 'zod'

/** The settings of a template (its front matter), and its text with variables. */
export interface Template {
  system?: string
  provider?: string
  model?: string
  temperature?: number
  tags?: string[]
  /** The text, with variables such as `{{input}}`. */
  body: string
}

const FrontMatter = z.strictObject({
  system: z.string().optional(),
  provider: z.string().optional(),
  model: z.string().optional(),
  temperature: z.number().min(0).max(2).optional(),
  tags: z.array(z.string()).optional(),
})

const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length

/** Parses a template. Throws a Problem with the file and the line for an invalid template. */
export async function parseTemplate(text: string, file: string): Promise<Template> {
  const problem = (line: number, what: string, hint?: string) => new Problem('template', `${file}:${line}: ${what}`, { hint })
  if (/^---[ \t]*(\r?\n|$)/.test(text) && FRONT_MATTER.exec(text)?.index !== 0)
    throw problem(1, 'unterminated front matter; expected a line ---')
  const [front = '', yaml = ''] = text.startsWith('---') ? (FRONT_MATTER.exec(text) ?? []) : []
  const body = text.slice(front.length)
  checkBraces(body, (at, what) =>
    problem(lineAt(text, front.length + at), what, 'a variable is a name in double braces, such as {{input}}'),
  )
  return { ...(await parseFrontMatter(yaml, problem)), body: body.replace(/^\s*\n/, '').trimEnd() }
}

async function parseFrontMatter(
  yaml: string,
  problem: (line: number, what: string, hint?: string) => Problem,
): Promise<Omit<Template, 'body'>> {
  // In the bundle, a CommonJS package has only a default export.
  const { default: library } = await import('yaml')
  const document = library.parseDocument(yaml, { prettyErrors: false })
  const [error] = document.errors
  // The front matter begins at the second line.
  if (error) throw problem(lineAt(yaml, error.pos[0]) + 1, `invalid YAML: ${messageOf(error)}`)
  const result = FrontMatter.safeParse(document.toJS() ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : String(issue?.path[0] ?? '')
  const line =
    yaml.split('\n').findIndex((each) =>
      each
        .trimStart()
        .replace(/^["']/, '')
        .startsWith(key ?? ''),
    ) + 2
  if (issue?.code !== 'unrecognized_keys') throw problem(line, `${key ? `${key}: ` : ''}${issue?.message ?? 'invalid value'}`)
  throw problem(line, `unknown key ${JSON.stringify(key)}`, suggestion(key ?? '', Object.keys(FrontMatter.shape)))
}

const VARIABLE = /\{\{\s*([\w-]+)\s*\}\}/g

function checkBraces(body: string, problem: (at: number, what: string) => Problem): void {
  const bare = body.replace(VARIABLE, (match) => ' '.repeat(match.length))
  const at = bare.indexOf('{{')
  if (at >= 0) throw problem(at, `invalid variable: ${JSON.stringify(body.slice(at, at + 20))}`)
}

/** The distinct names of the variables in a body. */
export const variablesOf = (body: string) => [...new Set([...body.matchAll(VARIABLE)].map(([, name = '']) => name))]

/** Replaces the variables in a body with values. Braces in a value are not variables. */
export const replaceVariables = (body: string, values: ReadonlyMap<string, string>) =>
  body.replace(VARIABLE, (match, name: string) => values.get(name) ?? match)
