import { ENDPOINT_FORMS, splitEndpoint } from './azure-endpoint.ts'
import { defineProvider } from './define.ts'

/** The provider azure. */
export default defineProvider({
  name: 'azure',
  page: 'https://portal.azure.com',
  questions: [
    { key: 'endpoint', text: 'Endpoint, such as https://NAME.openai.azure.com', required: true },
    { key: 'deployment_name', text: 'Name of the deployment', required: true },
  ],
  keys: ['AZURE_OPENAI_API_KEY'],
  baseUrl: { variables: ['AZURE_OPENAI_ENDPOINT'], key: 'endpoint', split: splitEndpoint, forms: ENDPOINT_FORMS },
  fields: { deployment_name: ['AZURE_OPENAI_DEPLOYMENT_NAME'], api_version: ['AZURE_OPENAI_API_VERSION', 'OPENAI_API_VERSION'] },
  modelKey: 'deployment_name',
  load: () => import('./api/azure.ts'),
})
