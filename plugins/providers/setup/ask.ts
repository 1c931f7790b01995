import {
  type Asker,
  type Context,
  type Json,
  messageOf,
  notFound,
  openAsker,
  Problem,
  type Provider,
  type ProviderSetup,
  suggestion,
  usage,
} from 'ainative-code'
import { testCall } from '../commands/test.ts'
import { checkedKey, type Plan, setupOf } from './plan.ts'
import { withSettings } from './trial.ts'

interface Wishes {
  makesDefault: boolean
  test: boolean
}

/** Asks for a provider and its settings, and makes a test call. Ctrl-C rejects at any question. */
export async function askSettings(named: Provider | undefined, { makesDefault, test }: Wishes, context: Context): Promise<Plan> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw usage(
      'provider setup asks on a terminal, and there is none',
      'ainative-code provider setup NAME --key-stdin reads the key from standard input',
    )
  const asker = await openAsker(context.signal)
  try {
    const provider = named ?? (await askProvider(asker, context))
    const setup = await setupOf(provider)
    const settings = { ...(await askKey(provider, setup, asker, context)), ...(await askQuestions(setup, asker, context)) }
    const plan = { provider, settings, makesDefault: makesDefault }
    if (test) await tryOut(plan, asker, context)
    return { ...plan, makesDefault: makesDefault || (await askDefault(provider, asker, context)) }
  } finally {
    asker.close()
  }
}

/** Lists the providers, and takes a number or a name. */
async function askProvider(asker: Asker, { host, note }: Context): Promise<Provider> {
  const rows: { provider: Provider; setup: ProviderSetup }[] = []
  for (const provider of host.providers().all()) {
    const setup = provider.reply && (await provider.setup?.().catch(() => undefined))
    if (setup?.page) rows.push({ provider, setup })
  }
  for (const [i, { provider, setup }] of rows.entries()) note(`${i + 1}. ${provider.name.padEnd(10)} ${stateOf(setup)}`)
  for (;;) {
    const answer = await asker.ask('Provider: ')
    const found = /^\d+$/.test(answer) ? rows[Number(answer) - 1]?.provider : host.providers().find(answer)
    if (found) return found
    note(`${notFound('provider', answer)}; ${suggestion(answer, host.providers().names()) ?? 'give a number or a name'}`)
  }
}

const stateOf = ({ key, missing, page }: ProviderSetup) => (key ? `key from ${key}` : `${missing ? 'keys' : 'no key needed'}: ${page}`)

async function askKey({ name }: Provider, setup: ProviderSetup, asker: Asker, { note }: Context): Promise<Record<string, string>> {
  const { variables, page, key, missing } = setup
  if (!variables) return {}
  const variable = variables.find((each) => each === key)
  if (variable) note(`${variable} is set, and goes before a key of the config`)
  note(`Keys of ${name} are made at ${page}`)
  for (;;) {
    const answer = await asker.ask(missing ? 'Key (not shown): ' : 'Key (not shown; empty for none): ', true)
    if (answer === '' && !missing) return {}
    try {
      return { api_key: checkedKey(answer) }
    } catch (error) {
      note(messageOf(error))
    }
  }
}

async function askQuestions({ questions = [] }: ProviderSetup, asker: Asker, { note }: Context): Promise<Record<string, string>> {
  const settings: Record<string, string> = {}
  for (const { key, text, required } of questions) {
    let answer = await asker.ask(`${text}: `)
    while (required && !answer) {
      note('this is needed')
      answer = await asker.ask(`${text}: `)
    }
    if (answer) settings[key] = answer
  }
  return settings
}

/** Makes a call with the settings; where it fails, asks whether to keep them all the same. */
async function tryOut(plan: Plan, asker: Asker, { host, note, progress }: Context): Promise<void> {
  const { name } = plan.provider
  try {
    progress(`making a test call to ${name} …`)
    await withSettings(host, plan, () => testCall(host, name, asker.signal, note))
    progress('')
    note(`${name} answers`)
  } catch (error) {
    progress('')
    asker.signal.throwIfAborted()
    note(`the test call failed: ${messageOf(error)}`)
    if (/^y(es)?$/i.test(await asker.ask('Save the settings all the same? [y/N] '))) return
    throw new Problem('not-saved', 'nothing was saved', { hint: `ainative-code provider setup ${name} asks again` })
  }
}

async function askDefault({ name }: Provider, asker: Asker, { host }: Context): Promise<boolean> {
  const { default_provider: current } = Object(host.config.values.llm) as Json
  if (current === name) return false
  const instead = typeof current === 'string' ? ` instead of ${current}` : ''
  const answer = await asker.ask(`Make ${name} the default${instead}? ${instead ? '[y/N]' : '[Y/n]'} `)
  return answer === '' ? !instead : /^y(es)?$/i.test(answer)
}
