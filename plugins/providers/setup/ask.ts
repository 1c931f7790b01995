import { type Asker, type Context, type Json, messageOf, openAsker, Problem, type Provider, type ProviderSetup, usage } from 'ainative-code'
import { testRequest } from '../commands/test.ts'
import { checkedKey, type Plan, setupOf } from './plan.ts'
import { withSettings } from './trial.ts'

interface Choices {
  makesDefault: boolean
  test: boolean
}

/** Asks for a provider and its settings, and sends a test request. Ctrl-C rejects at any question. */
export async function askSettings(named: Provider | undefined, { makesDefault, test }: Choices, context: Context): Promise<Plan> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw usage(
      'provider setup needs a terminal, and standard input is not one',
      'ainative-code provider setup NAME --key-stdin reads the key from standard input',
    )
  const asker = await openAsker(context.signal)
  try {
    const provider = named ?? (await askProvider(asker, context))
    const setup = await setupOf(provider)
    const settings = { ...(await askKey(provider, setup, asker, context)), ...(await askQuestions(setup, asker, context)) }
    const plan = { provider, settings, makesDefault: makesDefault }
    if (test) await tryPlan(plan, asker, context)
    return { ...plan, makesDefault: makesDefault || (await askDefault(provider, asker, context)) }
  } finally {
    asker.close()
  }
}

/** Lists the providers, and asks for a number or a name. */
async function askProvider(asker: Asker, { host, note }: Context): Promise<Provider> {
  const rows: { provider: Provider; setup: ProviderSetup }[] = []
  for (const provider of host.providers().all()) {
    const setup = provider.reply && (await provider.setup?.().catch(() => undefined))
    if (setup?.page) rows.push({ provider, setup })
  }
  for (const [i, { provider, setup }] of rows.entries()) note(`${i + 1}. ${provider.name.padEnd(10)} ${stateOf(setup)}`)
  for (;;) {
    const answer = await asker.ask('Provider: ')
    try {
      return rows[Number(answer) - 1]?.provider ?? host.providers().get(answer)
    } catch (error) {
      const { message, hint = 'type a number or a name of the list' } = error as Problem
      note(message)
      note(hint)
    }
  }
}

const stateOf = ({ key, missing, page }: ProviderSetup) => (key ? `key from ${key}` : `${missing ? 'keys' : 'no key needed'}: ${page}`)

async function askKey({ name }: Provider, setup: ProviderSetup, asker: Asker, { note }: Context): Promise<Record<string, string>> {
  const { variables, page, key, missing } = setup
  if (!variables) return {}
  const variable = variables.find((each) => each === key)
  if (variable) note(`${variable} is set, and takes precedence over a key in the config`)
  note(`Get a key of ${name} at ${page}`)
  for (;;) {
    const answer = await asker.ask(missing ? 'Key (hidden): ' : 'Key (hidden; empty for none): ', true)
    if (answer === '' && !missing) return {}
    try {
      return { api_key: checkedKey(answer) }
    } catch (error) {
      note(messageOf(error))
    }
  }
}

async function askQuestions({ questions = [], base_url }: ProviderSetup, asker: Asker, { note }: Context): Promise<Record<string, string>> {
  const settings: Record<string, string> = {}
  for (const { key, text, required } of questions) {
    const prompt = key === 'base_url' && base_url ? `${text} (empty for ${base_url}): ` : `${text}: `
    let answer = await asker.ask(prompt)
    while (required && !answer) {
      note('a value is required')
      answer = await asker.ask(prompt)
    }
    if (answer) settings[key] = answer
  }
  return settings
}

/** Sends a request with the settings; if it fails, asks whether to save the settings anyway. */
async function tryPlan(plan: Plan, asker: Asker, { host, note, progress }: Context): Promise<void> {
  const { name } = plan.provider
  try {
    progress(`testing ${name} …`)
    await withSettings(host, plan, () => testRequest(host, name, asker.signal, note))
    progress('')
    note(`${name} answered`)
  } catch (error) {
    progress('')
    asker.signal.throwIfAborted()
    note(`the test request failed: ${messageOf(error)}`)
    if (/^y(es)?$/i.test(await asker.ask('Save the settings anyway? [y/N] '))) return
    throw new Problem('not-saved', 'nothing was saved', { hint: `ainative-code provider setup ${name} asks again` })
  }
}

async function askDefault({ name }: Provider, asker: Asker, { host }: Context): Promise<boolean> {
  const { default_provider: current } = Object(host.config.values.llm) as Json
  if (current === name) return false
  const other = typeof current === 'string' ? ` instead of ${current}` : ''
  const answer = await asker.ask(`Make ${name} the default${other}? ${other ? '[y/N]' : '[Y/n]'} `)
  return answer === '' ? !other : /^y(es)?$/i.test(answer)
}
