import fs from 'node:fs'
import path from 'node:path'
import { defineProvider } from './define.ts'

export default defineProvider({
  name: 'bedrock',
  page: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
  questions: [
    { key: 'region', text: 'Region, such as us-east-1; empty for that of your AWS profile' },
    { key: 'model', text: 'Model', required: true },
  ],
  keys: ['AWS_BEARER_TOKEN_BEDROCK'],
  // Its credentials come by AWS's own chain.
  keyless: true,
  credentials(env) {
    const variable = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'].find(
      (name) => env[name],
    )
    const files = ['credentials', 'config'].map((name) => path.join(env.HOME ?? '', '.aws', name))
    return variable ?? files.find((file) => fs.existsSync(file))
  },
  baseUrl: { variables: ['AWS_ENDPOINT_URL_BEDROCK_RUNTIME', 'AWS_ENDPOINT_URL'] },
  fields: { region: ['AWS_REGION', 'AWS_DEFAULT_REGION'], profile: ['AWS_PROFILE'] },
  load: () => import('./api/bedrock.ts'),
})
