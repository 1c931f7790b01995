/** An Azure endpoint, split into the resource and the settings that the URL names. */
export interface EndpointParts {
  /** The URL before `/openai` or `/models`: the resource, or a gateway in front of it. */
  url: string
  fields: { deployment_name?: string; api_version?: string; route?: Route }
}

/**
 * The API that a pasted request URL names: `deployments/responses` is the Responses API below a deployment, `models` the model inference
 * API of Azure AI Foundry.
 */
export type Route = 'chat/completions' | 'responses' | 'deployments/responses' | 'models'

/** The hint about the forms of an endpoint. */
export const ENDPOINT_FORMS =
  'set AZURE_OPENAI_ENDPOINT or llm.azure.endpoint to https://NAME.openai.azure.com, https://NAME.services.ai.azure.com, or a URL from the portal such as https://NAME.openai.azure.com/openai/deployments/DEPLOYMENT'

const AZURE_HOST = /\.(openai|cognitiveservices|services\.ai)\.azure\.com$/

/** The paths that may follow the resource; the first group is the resource's own path. */
const MODELS = /^(.*?)\/models(?:\/chat\/completions|\/info)?$/i
const DEPLOYMENT = /^(.*?)\/openai\/deployments(?:\/([^/]+)(?:\/(responses)|\/.*)?)?$/i
const OPENAI = /^(.*?)\/openai(?:\/v1)?(?:\/(responses|chat\/completions|models))?$/i

/** Splits an endpoint as users paste it: the resource, or any longer URL of its APIs. */
export function splitEndpoint(url: URL): EndpointParts {
  const unknown = [...url.searchParams.keys()].filter((name) => name !== 'api-version')
  if (unknown.length > 0) throw new Error('it has query parameters other than api-version')
  const api_version = url.searchParams.get('api-version') || undefined
  const { path, ...fields } = partsOf(url.pathname.replace(/\/+/g, '/').replace(/\/$/, ''))
  if (AZURE_HOST.test(url.hostname) && /^\/(openai|models)(\/|$)/i.test(path)) throw new Error("its path is not one of Azure's APIs")
  url.pathname = path
  url.search = ''
  return { url: url.href.replace(/\/$/, ''), fields: { ...fields, api_version } }
}

function partsOf(path: string): { path: string; deployment_name?: string; route?: Route } {
  const [, at, deployment, responses] = DEPLOYMENT.exec(path) ?? []
  if (at !== undefined) {
    return { path: at, deployment_name: deployment && decodeURIComponent(deployment), ...(responses && { route: 'deployments/responses' }) }
  }
  const [, before, route] = OPENAI.exec(path) ?? []
  if (before !== undefined) return { path: before, route: isRoute(route) ? route : undefined }
  const [, resource] = MODELS.exec(path) ?? []
  return resource === undefined ? { path } : { path: resource, route: 'models' }
}

const isRoute = (text: string | undefined): text is Route => text === 'responses' || text === 'chat/completions'
