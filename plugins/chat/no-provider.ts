import { type Host, Problem, type ProviderSetup } from 'ainative-code'

/** At this width a provider, its variable and the page of its keys stand in one line. */
const WIDE = 88

/** What is possible where no provider is set up. */
export async function noProvider(host: Host, width: number): Promise<Problem> {
  const lines: string[] = []
  for (const { name, reply, setup } of host.providers().all()) {
    const { variables = [], page = '', missing } = (reply && (await setup?.().catch(() => undefined))) ?? {}
    if (page) lines.push(lineOf(name, variables[0] ?? '', missing === true, page, width))
  }
  return new Problem('no-provider', `no provider is set up; chat needs one of these:\n${lines.join('\n')}`, {
    hint: 'ainative-code provider setup asks for a provider and its key',
  })
}

function lineOf(name: string, variable: string, needsKey: boolean, page: string, width: number): string {
  const key = needsKey ? variable : variable ? `${variable}, or AWS credentials` : 'needs no key'
  const place = needsKey ? `keys: ${page}` : page
  return width < WIDE ? `  ${name}: ${key}\n    ${place}` : `  ${name.padEnd(10)} ${key.padEnd(24)} ${place}`
}

/** A provider that was named, and has no key. */
export const noKey = (name: string, { variables = [], page }: ProviderSetup) =>
  new Problem('no-key', `${name} needs an API key, and there is none${page ? `; keys are made at ${page}` : ''}`, {
    hint: `ainative-code provider setup ${name} asks for the key, or set ${variables.join(' or ')}`,
  })
