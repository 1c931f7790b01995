import { suggestion, usage } from 'ainative-code'
import type { ChatChoices } from '../target.ts'
import { missingTemplate, readTemplate, templateFile } from './files.ts'
import { parseTemplate, replaceVariables, variablesOf } from './parse.ts'

/** A template with the values of its variables. */
export interface UsedTemplate {
  /** The settings for the chat. */
  choices: ChatChoices
  /** The sampling temperature. */
  temperature?: number
  /** Creates the message for an input. Returns undefined if the template requires an input and the input is blank. */
  fill(input: string): string | undefined
}

const INPUT = 'input'

/** Reads a template for a chat. `assignments` are variables such as `name=value`. Throws a Problem for a missing or unknown variable. */
export async function useTemplate(name: string, assignments: readonly string[], env: NodeJS.ProcessEnv): Promise<UsedTemplate> {
  const text = readTemplate(name, env)
  if (text === undefined) throw missingTemplate(name, env)
  const { body, temperature, ...choices } = await parseTemplate(text, templateFile(name, env))
  const names = variablesOf(body)
  const values = valuesOf(name, names, assignments)
  const takesInput = names.includes(INPUT)
  return {
    ...{ choices, temperature },
    fill(input) {
      if (takesInput) return input.trim() ? replaceVariables(body, new Map([...values, [INPUT, input]])) : undefined
      return [replaceVariables(body, values), input].filter((each) => each.trim()).join('\n\n')
    },
  }
}

function valuesOf(template: string, names: string[], assignments: readonly string[]): Map<string, string> {
  const values = new Map<string, string>()
  const variables = names.filter((name) => name !== INPUT)
  for (const each of assignments) {
    const at = each.indexOf('=')
    const name = each.slice(0, at)
    if (at < 1) throw usage(`--var ${JSON.stringify(each)}: expected name=value`)
    if (!variables.includes(name))
      throw usage(`the template ${template} has no variable ${JSON.stringify(name)}`, suggestion(name, variables))
    values.set(name, each.slice(at + 1))
  }
  const [missing] = variables.filter((name) => !values.has(name))
  if (missing) throw usage(`the template ${template} requires the variable ${missing}`, `add --var ${missing}=VALUE`)
  return values
}
