import { suggestion, usage } from 'ainative-code'
import type { Wishes } from '../target.ts'
import { missingTemplate, readTemplate, templateFile } from './files.ts'
import { fillIn, parseTemplate, variablesOf } from './parse.ts'

/** A template with its variables: what it wishes, and the message that it makes of an input. */
export interface UsedTemplate {
  wishes: Wishes
  temperature?: number
  /** The message; undefined where the template waits for an input that is blank. */
  fill(input: string): string | undefined
}

const INPUT = 'input'

/** Reads a template for a chat; `given` are variables as name=value. */
export async function useTemplate(name: string, given: readonly string[], env: NodeJS.ProcessEnv): Promise<UsedTemplate> {
  const text = readTemplate(name, env)
  if (text === undefined) throw missingTemplate(name, env)
  const { body, temperature, ...wishes } = await parseTemplate(text, templateFile(name, env))
  const names = variablesOf(body)
  const values = valuesOf(name, names, given)
  const takesInput = names.includes(INPUT)
  return {
    ...{ wishes, temperature },
    fill(input) {
      if (takesInput) return input.trim() ? fillIn(body, new Map([...values, [INPUT, input]])) : undefined
      return [fillIn(body, values), input].filter((each) => each.trim()).join('\n\n')
    },
  }
}

function valuesOf(template: string, names: string[], given: readonly string[]): Map<string, string> {
  const values = new Map<string, string>()
  const own = names.filter((name) => name !== INPUT)
  for (const each of given) {
    const at = each.indexOf('=')
    const name = each.slice(0, at)
    if (at < 1) throw usage(`--var ${JSON.stringify(each)}: expected name=value`)
    if (!own.includes(name)) throw usage(`the template ${template} has no variable ${JSON.stringify(name)}`, suggestion(name, own))
    values.set(name, each.slice(at + 1))
  }
  const [missing] = own.filter((name) => !values.has(name))
  if (missing) throw usage(`the template ${template} needs the variable ${missing}`, `add --var ${missing}=VALUE`)
  return values
}
