import { defineCommand, type Json } from 'ainative-code'
import * as z from 'zod'

const SECRET = /key|token|secret|password|passwd|credential|authorization|cookie/i

export const show = defineCommand({
  name: 'config show',
  summary: 'Show the settings in force',
  input: z.object({}),
  run: (_, { host }) => {
    const { plugins, ...settings } = host.config.values
    return { plugins: (plugins ?? []).map((plugin) => (typeof plugin === 'string' ? plugin : plugin?.name)), ...(masked(settings) as Json) }
  },
})

/** Secrets are never printed whole; a reference to the environment is none. */
function masked(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => masked(each, key))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each, SECRET.test(name) ? name : key)]))
  }
  if (typeof value === 'string' && /^\$\{\w+\}$/.test(value)) return value
  if (key && value !== null && value !== '') return '***'
  return typeof value === 'string' ? value.replace(/(\w+:\/\/[^\s:/@]*):[^\s@]*@/g, '$1:***@') : value
}
