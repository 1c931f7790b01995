import { type Host, Problem, type ProviderSetup } from 'ainative-code'
import type { Target } from './target.ts'

/** Throws a Problem with the next step if the provider needs a key and has none; `width` is that of the terminal. */
export async function requireKey(host: Host, { provider, isFallback }: Target, width: number): Promise<void> {
  const setup = await provider.setup?.()
  if (!setup?.missing) return
  throw isFallback ? await noProvider(host, width) : noKey(provider.name, setup)
}

/** The minimum width at which a provider, its variable and the page of its keys fit on one line. */
const WIDE = 88

/** The Problem for a user who has set up no provider: lists the providers with their variables and pages. */
async function noProvider(host: Host, width: number): Promise<Problem> {
  const lines: string[] = []
  for (const { name, reply, setup } of host.providers().all()) {
    const found = reply && (await setup?.().catch(() => undefined))
    if (found?.page) lines.push(setupLine(name, found, width))
  }
  return new Problem('no-provider', `no provider is set up; chat needs one of these:\n${lines.join('\n')}`, {
    hint: 'ainative-code provider setup asks for a provider and its key',
  })
}

function setupLine(name: string, { variables: [variable] = [], page, missing, credentials }: ProviderSetup, width: number): string {
  const key = [variable, credentials].filter(Boolean).join(', or ') || 'needs no key'
  const place = missing ? `keys: ${page}` : page
  return width < WIDE ? `  ${name}: ${key}\n    ${place}` : `  ${name.padEnd(10)} ${key.padEnd(24)} ${place}`
}

const noKey = (name: string, { variables = [], page }: ProviderSetup) =>
  new Problem('no-key', `${name} needs an API key, and none is set${page ? `; get one at ${page}` : ''}`, {
    hint: `ainative-code provider setup ${name} asks for the key, or set ${variables.join(' or ')}`,
  })
