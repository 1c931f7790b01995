import { ENDPOINT_FORMS, splitEndpoint } from './azure-endpoint.ts'
import { defineProvider } from './define.ts'

export default defineProvider({
  name: 'azure',
  keys: ['AZURE_OPENAI_API_KEY'],
  baseUrl: { variables: ['AZURE_OPENAI_ENDPOINT'], key: 'endpoint', split: splitEndpoint, forms: ENDPOINT_FORMS },
  fields: { deployment_name: ['AZURE_OPENAI_DEPLOYMENT_NAME'], api_version: ['AZURE_OPENAI_API_VERSION', 'OPENAI_API_VERSION'] },
  modelKey: 'deployment_name',
  load: () => import('./api/azure.ts'),
})
