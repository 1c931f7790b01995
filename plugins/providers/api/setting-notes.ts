import type { SharedV3Warning } from '@ai-sdk/provider'
import type { ChatChunk } from 'ainative-code'

/** The sampling settings of a request, by the names of the SDKs; undefined for those that the user left unset. */
export interface Sampling {
  temperature?: number
  maxOutputTokens?: number
  topP?: number
}

const SETTINGS = ['temperature', 'maxOutputTokens', 'topP'] as const

/** The names of the settings in the config, and in the requests of the APIs. */
const CONFIG_NAME = { temperature: 'temperature', maxOutputTokens: 'max_tokens', topP: 'top_p' }
const SENT_NAMES = {
  temperature: ['temperature'],
  maxOutputTokens: ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxTokens', 'maxOutputTokens'],
  topP: ['top_p', 'topP'],
}

/** Compares the user's settings with those that an SDK sends: SDKs change some settings with a warning, and others without. */
export function watchSettings(fetch: typeof globalThis.fetch, sampling: Sampling) {
  let body: unknown
  const watched: typeof fetch = (url, init) => {
    body = init?.body
    return fetch(url, init)
  }
  /** Returns a note for each setting that the SDK changed or left out, and for each option that the SDK changed. */
  const notes = (warnings: readonly SharedV3Warning[]): ChatChunk[] => {
    const texts = new Map(warnings.flatMap((warning) => warningText(warning, sampling)))
    const sent = isSet(sampling) ? readSent(body) : undefined
    for (const setting of SETTINGS) {
      const text = sent && !texts.has(setting) ? differenceText(setting, sampling, sent) : undefined
      if (text) texts.set(setting, text)
    }
    return [...texts.values()].map((note) => ({ note }))
  }
  return { fetch: watched, notes }
}

const isSet = (sampling: Sampling) => SETTINGS.some((setting) => sampling[setting] !== undefined)

/** Converts an SDK's warning to pairs of a setting's name and a text; none if the user left the setting unset. */
function warningText(warning: SharedV3Warning, sampling: Sampling): [name: string, text: string][] {
  if (warning.type === 'other') return [[warning.message, warning.message]]
  const { feature, details = 'the model does not support it' } = warning
  const setting = SETTINGS.find((each) => each === feature)
  if (!setting) return [[feature, `${feature.replace(/^providerOptions\.\w+/, 'options')}: ${details}`]]
  if (sampling[setting] === undefined) return []
  const change = /clamped|limited/.test(details) ? 'changed' : 'ignored'
  return [[feature, `${CONFIG_NAME[setting]} was ${change}: ${details}`]]
}

interface Sent extends Record<string, unknown> {
  thinking?: { budget_tokens?: number }
}

/** The settings in the body of a request, in the places where the APIs have them. */
function readSent(body: unknown): Sent | undefined {
  if (typeof body !== 'string') return undefined
  const { inferenceConfig, generationConfig, additionalModelRequestFields, ...rest } = JSON.parse(body)
  return { ...rest, ...inferenceConfig, ...generationConfig, ...additionalModelRequestFields }
}

function differenceText(setting: (typeof SETTINGS)[number], sampling: Sampling, sent: Sent): string | undefined {
  const value = SENT_NAMES[setting].map((name) => sent[name]).find((each) => each !== undefined)
  if (sampling[setting] === undefined || value === sampling[setting]) return undefined
  const name = CONFIG_NAME[setting]
  if (value === undefined) return `${name} was ignored`
  const budget = setting === 'maxOutputTokens' ? sent.thinking?.budget_tokens : undefined
  return `${name} is ${value} in the request, not ${sampling[setting]}${budget ? `: the thinking budget of ${budget} tokens is added` : ''}`
}
