import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock'
import { type Model, Problem } from 'ainative-code'
import type { Api, Settings } from '../shipped.ts'
import { getJson } from './json.ts'
import { replyOf } from './sdk.ts'

const profileOf = ({ own }: Settings) => (own.profile === undefined ? undefined : String(own.profile))

/** Credentials by AWS's standard chain: the environment, profiles, SSO, a process, a web identity, the machine's role. */
const credentialsOf = (settings: Settings) => async () => {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
  try {
    return await defaultProvider({ profile: profileOf(settings) })()
  } catch (error) {
    throw new Problem('no-key', 'bedrock needs AWS credentials, and there are none', {
      hint: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or AWS_BEARER_TOKEN_BEDROCK, or llm.bedrock.profile; ollama needs none',
      cause: error,
    })
  }
}

/** The region of the environment, the config or the profile. */
async function regionOf(settings: Settings): Promise<string> {
  if (settings.own.region) return String(settings.own.region)
  const { loadConfig, NODE_REGION_CONFIG_OPTIONS } = await import('@smithy/core/config')
  try {
    return await loadConfig(NODE_REGION_CONFIG_OPTIONS, { profile: profileOf(settings) })()
  } catch (error) {
    throw new Problem('config', 'bedrock needs a region, and there is none', {
      hint: 'set AWS_REGION, or llm.bedrock.region in the config, to one such as us-east-1',
      cause: error,
    })
  }
}

export const api: Api = {
  async *reply(request, settings, signal) {
    const { api_key, base_url, headers, fetch, options } = settings
    const bedrock = createAmazonBedrock({
      region: await regionOf(settings),
      apiKey: api_key || undefined,
      credentialProvider: credentialsOf(settings),
      baseURL: base_url || undefined,
      headers,
      fetch,
    })
    yield* replyOf(bedrock(request.model), request, settings, signal, { options: { bedrock: options } as never })
  },
  async *list(settings, signal) {
    yield* await modelsAt(settings, '/foundation-models?byOutputModality=TEXT', signal)
    yield* await modelsAt(settings, '/inference-profiles?maxResults=1000', signal)
  },
}

interface Listing {
  modelSummaries?: { modelId: string; modelName?: string }[]
  inferenceProfileSummaries?: { inferenceProfileId: string; inferenceProfileName?: string }[]
}

async function modelsAt(settings: Settings, path: string, signal: AbortSignal): Promise<Model[]> {
  const region = await regionOf(settings)
  const url = `${settings.base_url || `https://bedrock.${region}.amazonaws.com`}${path}`
  const { modelSummaries = [], inferenceProfileSummaries = [] } = await getJson<Listing>(
    url,
    await signed(url, region, settings),
    settings,
    signal,
  )
  return [
    ...modelSummaries.map(({ modelId: id, modelName: name }) => ({ id, name })),
    ...inferenceProfileSummaries.map(({ inferenceProfileId: id, inferenceProfileName: name }) => ({ id, name })),
  ]
}

async function signed(url: string, region: string, settings: Settings): Promise<Record<string, string>> {
  if (settings.api_key) return { authorization: `Bearer ${settings.api_key}` }
  const { AwsV4Signer } = await import('aws4fetch')
  const { headers } = await new AwsV4Signer({ url, region, service: 'bedrock', ...(await credentialsOf(settings)()) }).sign()
  return Object.fromEntries(headers)
}
