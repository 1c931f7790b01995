import { messageOf, Problem, suggestion } from 'ainative-code'
import * as z from 'zod'

/** What a template sets, and its text with variables. */
export interface Template {
  system?: string
  provider?: string
  model?: string
  temperature?: number
  tags?: string[]
  body: string
}

const Front = z.strictObject({
  system: z.string().optional(),
  provider: z.string().optional(),
  model: z.string().optional(),
  temperature: z.number().min(0).max(2).optional(),
  tags: z.array(z.string()).optional(),
})

const FRONT = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length

/** Reads a template. A mistake is a Problem that names the file and the line. */
export async function parseTemplate(text: string, file: string): Promise<Template> {
  const problem = (line: number, what: string, hint?: string) => new Problem('template', `${file}:${line}: ${what}`, { hint })
  if (/^---[ \t]*(\r?\n|$)/.test(text) && FRONT.exec(text)?.index !== 0)
    throw problem(1, 'the front matter has no end, expected a line ---')
  const [front = '', yaml = ''] = text.startsWith('---') ? (FRONT.exec(text) ?? []) : []
  const body = text.slice(front.length)
  checkBraces(body, (at, what) => problem(lineAt(text, front.length + at), what, 'a variable is a name between braces, such as {{input}}'))
  return { ...(await frontOf(yaml, problem)), body: body.replace(/^\s*\n/, '').trimEnd() }
}

async function frontOf(yaml: string, problem: (line: number, what: string, hint?: string) => Problem): Promise<Omit<Template, 'body'>> {
  // Bundled, a CommonJS package has its exports in the default one alone.
  const { default: library } = await import('yaml')
  const document = library.parseDocument(yaml, { prettyErrors: false })
  const [error] = document.errors
  // The front matter begins at the second line.
  if (error) throw problem(lineAt(yaml, error.pos[0]) + 1, `invalid YAML: ${messageOf(error)}`)
  const result = Front.safeParse(document.toJS() ?? {})
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
  if (issue?.code !== 'unrecognized_keys') throw problem(line, `${key ? `${key}: ` : ''}${issue?.message ?? 'it is wrong'}`)
  throw problem(line, `unknown key ${JSON.stringify(key)}`, suggestion(key ?? '', Object.keys(Front.shape)))
}

const VARIABLE = /\{\{\s*([\w-]+)\s*\}\}/g

function checkBraces(body: string, problem: (at: number, what: string) => Problem): void {
  const bare = body.replace(VARIABLE, (whole) => ' '.repeat(whole.length))
  const at = bare.indexOf('{{')
  if (at >= 0) throw problem(at, `the braces are not closed around a name: ${JSON.stringify(body.slice(at, at + 20))}`)
}

/** The names of the variables of a body, each once. */
export const variablesOf = (body: string) => [...new Set([...body.matchAll(VARIABLE)].map(([, name = '']) => name))]

/** The body with values in place of its variables; what stands in a value is no variable. */
export const fillIn = (body: string, values: ReadonlyMap<string, string>) =>
  body.replace(VARIABLE, (whole, name: string) => values.get(name) ?? whole)
