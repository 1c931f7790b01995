const SECRET = /key|token|secret|password|passwd|credential|authorization|cookie/i

/** A count of tokens is none. */
const isSecret = (name: string, value: unknown) => SECRET.test(name) && !(typeof value === 'number' && /tokens$/i.test(name))

/** Secrets are never printed whole; a reference to the environment is none. */
export function masked(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => masked(each, key))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each, isSecret(name, each) ? name : key)]))
  }
  if (typeof value === 'string' && /^\$\{\w+\}$/.test(value)) return value
  if (key && value !== null && value !== '') return '***'
  return typeof value === 'string' ? withoutSecrets(value) : value
}

/** A password in an address, and a key behind it. */
const withoutSecrets = (text: string) =>
  text
    .replace(/(\w+:\/\/[^\s:/@]*):[^\s@]*@/g, '$1:***@')
    .replace(/([?&][^\s=&]*(?:key|token|secret|password|sig)[^\s=&]*=)[^\s&]+/gi, '$1***')
