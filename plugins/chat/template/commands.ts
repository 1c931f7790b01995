import { type Context, defineCommand, editor, messageOf, Problem, table } from 'ainative-code'
import * as z from 'zod'
import { isTerminal } from '../input.ts'
import { missingTemplate, readTemplate, templateFile, templateNames, writeTemplate } from './files.ts'
import { parseTemplate, variablesOf } from './parse.ts'

const name = () => z.string().meta({ complete: 'template' })

/** The text of a new template. */
const DRAFT = `---
# system: Answer in one paragraph.
# provider: anthropic
# model: NAME
# temperature: 0.2
# tags: [review]
---
{{input}}
`

/** The command `template list`. */
export const list = defineCommand({
  name: 'template list',
  summary: 'List chat templates',
  group: 'Chat',
  writes: false,
  input: z.object({}),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['name', 'variables', 'file', 'problem'],
  async *run(_, { host }) {
    for (const name of templateNames(host.env)) {
      const file = templateFile(name, host.env)
      try {
        yield { name, variables: variablesOf((await parseTemplate(readTemplate(name, host.env) ?? '', file)).body), file }
      } catch (error) {
        yield { name, variables: [], file, problem: messageOf(error) }
      }
    }
  },
  print: (rows, view) =>
    table(
      rows as AsyncIterable<{ name: string; variables: string[]; problem?: string }>,
      [
        { title: 'TEMPLATE', value: ({ name }) => name },
        { title: 'VARIABLES', value: ({ variables, problem }) => problem ?? variables.join(', '), flexible: true },
      ],
      view,
    ),
})

/** The command `template show`. */
export const show = defineCommand({
  name: 'template show',
  summary: 'Show a template',
  group: 'Chat',
  writes: false,
  args: ['name'],
  input: z.object({ name: name() }),
  run({ name }, { host }) {
    const text = readTemplate(name, host.env)
    if (text === undefined) throw missingTemplate(name, host.env)
    return { name, file: templateFile(name, host.env), text }
  },
  print: ({ text }) => (text.endsWith('\n') ? text : `${text}\n`),
})

/** The command `template edit`. */
export const edit = defineCommand({
  name: 'template edit',
  summary: 'Edit a template in $EDITOR',
  group: 'Chat',
  args: ['name'],
  fields: ['name', 'file'],
  input: z.object({ name: name() }),
  run({ name }, context) {
    const text = readTemplate(name, context.host.env)
    if (text === undefined) throw missingTemplate(name, context.host.env)
    return editTemplate(name, text, context)
  },
  print: printFile,
})

/** The command `template new`. */
export const create = defineCommand({
  name: 'template new',
  summary: 'Create a template in $EDITOR',
  group: 'Chat',
  args: ['name'],
  fields: ['name', 'file'],
  input: z.object({ name: z.string() }),
  examples: ['ainative-code template new review', 'ainative-code chat -t review < main.go'],
  async run({ name }, context) {
    const { env } = context.host
    if (readTemplate(name, env) !== undefined)
      throw new Problem('exists', `the template ${name} already exists`, { hint: `ainative-code template edit ${name}` })
    if (isTerminal() && context.interactive) return editTemplate(name, DRAFT, context)
    return { name, file: writeTemplate(name, DRAFT, env) }
  },
  print: printFile,
})

function printFile({ file }: { file: string }): string {
  return `Wrote ${file}\n`
}

/** Opens the text of a template in the editor and writes the result. Throws a Problem for an invalid template. */
async function editTemplate(name: string, before: string, { host, signal }: Context): Promise<{ name: string; file: string }> {
  const { env } = host
  const { editText } = await editor()
  const file = await editText(before, { name: `${name}.md`, env, signal }, async (text) => {
    await parseTemplate(text, templateFile(name, env))
    return writeTemplate(name, text, env)
  })
  return { name, file: file ?? writeTemplate(name, before, env) }
}
