import type { SharedV3Warning } from '@ai-sdk/provider'
import type { ChatChunk } from 'ainative-code'

/** The settings of a request, as the SDKs name them; undefined if the user set none. */
export interface GivenSettings {
  temperature?: number
  maxOutputTokens?: number
  topP?: number
}

const SETTINGS = ['temperature', 'maxOutputTokens', 'topP'] as const

/** The names in the config, and in the requests of the APIs. */
const CONFIG_NAME = { temperature: 'temperature', maxOutputTokens: 'max_tokens', topP: 'top_p' }
const SENT_NAMES = {
  temperature: ['temperature'],
  maxOutputTokens: ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxTokens', 'maxOutputTokens'],
  topP: ['top_p', 'topP'],
}

/** Compares what the user set with what an SDK sends: some change a setting with a warning, some in silence. */
export function watchSettings(fetch: typeof globalThis.fetch, given: GivenSettings) {
  let body: unknown
  const watched: typeof fetch = (url, init) => {
    body = init?.body
    return fetch(url, init)
  }
  /** A note for each setting that is not sent as it was set, and for each option that the SDK changed. */
  const notes = (warnings: readonly SharedV3Warning[]): ChatChunk[] => {
    const texts = new Map(warnings.flatMap((warning) => warningText(warning, given)))
    const sent = isSet(given) ? sentIn(body) : undefined
    for (const setting of SETTINGS) {
      const text = sent && !texts.has(setting) ? differenceText(setting, given, sent) : undefined
      if (text) texts.set(setting, text)
    }
    return [...texts.values()].map((note) => ({ note }))
  }
  return { fetch: watched, notes }
}

const isSet = (given: GivenSettings) => SETTINGS.some((setting) => given[setting] !== undefined)

/** What an SDK warns of, under the name of the setting; nothing for a setting that the user left alone. */
function warningText(warning: SharedV3Warning, given: GivenSettings): [name: string, text: string][] {
  if (warning.type === 'other') return [[warning.message, warning.message]]
  const { feature, details = 'the model does not support it' } = warning
  const setting = SETTINGS.find((each) => each === feature)
  if (!setting) return [[feature, `${feature.replace(/^providerOptions\.\w+/, 'options')}: ${details}`]]
  if (given[setting] === undefined) return []
  const change = /clamped|limited/.test(details) ? 'changed' : 'ignored'
  return [[feature, `${CONFIG_NAME[setting]} was ${change}: ${details}`]]
}

interface Sent extends Record<string, unknown> {
  thinking?: { budget_tokens?: number }
}

/** The settings in the body of a request, wherever an API has them. */
function sentIn(body: unknown): Sent | undefined {
  if (typeof body !== 'string') return undefined
  const { inferenceConfig, generationConfig, additionalModelRequestFields, ...rest } = JSON.parse(body)
  return { ...rest, ...inferenceConfig, ...generationConfig, ...additionalModelRequestFields }
}

function differenceText(setting: (typeof SETTINGS)[number], given: GivenSettings, sent: Sent): string | undefined {
  const value = SENT_NAMES[setting].map((name) => sent[name]).find((each) => each !== undefined)
  if (given[setting] === undefined || value === given[setting]) return undefined
  const name = CONFIG_NAME[setting]
  if (value === undefined) return `${name} was ignored`
  const budget = setting === 'maxOutputTokens' ? sent.thinking?.budget_tokens : undefined
  return `${name} is ${value} in the request, not ${given[setting]}${budget ? `: the thinking budget of ${budget} tokens is added` : ''}`
}
