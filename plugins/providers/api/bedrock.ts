import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock'
import { explainBedrock } from '../explain/bedrock.ts'
import type { Api, Settings } from '../provider-spec.ts'
import { bedrock } from '../readers/bedrock.ts'
import { getJson } from './json.ts'
import { replyOf, type WebFetch } from './sdk.ts'

const regionOf = async (settings: Settings): Promise<string> =>
  settings.own.region ? String(settings.own.region) : (await import('./aws.ts')).profileRegion(settings)

/** The API key for Bedrock, or else AWS credentials. */
const credentialsOf = async (settings: Settings) =>
  settings.api_key ? { apiKey: settings.api_key } : await (await import('./aws.ts')).credentialsOf(settings)

/** Bedrock's API. */
export const api: Api = {
  async *reply(request, settings, signal) {
    const { base_url, headers, options } = settings
    const account = { ...(await credentialsOf(settings)), region: await regionOf(settings), baseURL: base_url || undefined, headers }
    const model = (fetch: WebFetch) => createAmazonBedrock({ ...account, fetch })(request.model)
    yield* replyOf(model, request, settings, signal, { options: { bedrock: options } as never, makeReader: bedrock })
  },
  async *list(settings, signal) {
    for await (const { modelSummaries } of pages(settings, '/foundation-models?byOutputModality=TEXT', signal))
      for (const { modelId: id, modelName: name } of modelSummaries ?? []) yield { id, name }
    for await (const { inferenceProfileSummaries } of pages(settings, '/inference-profiles?maxResults=1000', signal))
      for (const { inferenceProfileId: id, inferenceProfileName: name } of inferenceProfileSummaries ?? []) yield { id, name }
  },
  explain: explainBedrock,
}

interface Page {
  modelSummaries?: { modelId: string; modelName?: string }[]
  inferenceProfileSummaries?: { inferenceProfileId: string; inferenceProfileName?: string }[]
  nextToken?: string
}

async function* pages(settings: Settings, path: string, signal: AbortSignal): AsyncIterable<Page> {
  const region = await regionOf(settings)
  // The lists and the models have different hosts.
  const root = settings.env.AWS_ENDPOINT_URL_BEDROCK || settings.base_url || `https://bedrock.${region}.amazonaws.com`
  for (let token = ''; ; ) {
    const url = `${root}${path}${token && `&nextToken=${encodeURIComponent(token)}`}`
    const page = await getJson<Page>(url, await signed(url, region, settings), settings, signal)
    yield page
    if (!page.nextToken || page.nextToken === token) return
    token = page.nextToken
  }
}

async function signed(url: string, region: string, settings: Settings): Promise<Record<string, string>> {
  const credentials = await credentialsOf(settings)
  if ('apiKey' in credentials) return { authorization: `Bearer ${credentials.apiKey}` }
  const { AwsV4Signer } = await import('aws4fetch')
  const { headers } = await new AwsV4Signer({ method: 'GET', url, region, service: 'bedrock', ...credentials }).sign()
  return Object.fromEntries(headers)
}
