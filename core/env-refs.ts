import { isBlock } from './block.ts'
import { Problem } from './problem.ts'

/** A value of the config with its `${NAME}` references replaced by what the environment holds. */
export function withEnv(value: unknown, env: NodeJS.ProcessEnv, at: string): unknown {
  if (typeof value === 'string') return value.includes('${') ? replaced(value, env, at) : value
  if (Array.isArray(value)) return value.map((each, i) => withEnv(each, env, `${at}[${i}]`))
  if (!isBlock(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withEnv(each, env, `${at}.${key}`)]))
}

const replaced = (text: string, env: NodeJS.ProcessEnv, at: string) =>
  text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const set = env[name]
    if (set !== undefined) return set
    throw new Problem('config', `config ${at}: the environment variable ${name} is not set`, {
      hint: `set ${name}, or change the key; ainative-code config path names the file`,
    })
  })
