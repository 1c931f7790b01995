import { Problem } from '../kernel/problem.ts'
import { maskedName } from '../output/secret-names.ts'
import { isBlock } from './block.ts'

/** Replaces the `${NAME}` references in a config value by environment variables. Throws a Problem for a variable that is not set. */
export function withEnv(value: unknown, env: NodeJS.ProcessEnv, at: string): unknown {
  if (typeof value === 'string') return value.includes('${') ? replaced(value, env, at) : value
  if (Array.isArray(value)) return value.map((each, i) => withEnv(each, env, `${at}[${i}]`))
  if (!isBlock(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withEnv(each, env, `${at}.${maskedName(key)}`)]))
}

function replaced(text: string, env: NodeJS.ProcessEnv, at: string): string {
  const [, whole] = /^\$\{([^{}]*)\}$/.exec(text) ?? []
  if (whole !== undefined && !/^\w+$/.test(whole))
    throw notSet(at, `\${${maskedName(whole)}} is not a reference to an environment variable`)
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const set = env[name]
    if (set !== undefined) return set
    throw notSet(at, `the environment variable ${maskedName(name)} is not set`)
  })
}

const notSet = (at: string, text: string) =>
  new Problem('config', `config ${at}: ${text}`, {
    hint: `set the variable, or write the value without \${}; ainative-code config path names the file`,
  })
