import { defineProvider } from './define.ts'

export default defineProvider({
  name: 'bedrock',
  keys: ['AWS_BEARER_TOKEN_BEDROCK'],
  // Its credentials come by AWS's own chain.
  keyless: true,
  baseUrl: { variables: ['AWS_ENDPOINT_URL_BEDROCK_RUNTIME', 'AWS_ENDPOINT_URL'] },
  fields: { region: ['AWS_REGION', 'AWS_DEFAULT_REGION'], profile: ['AWS_PROFILE'] },
  load: () => import('./api/bedrock.ts'),
})
