import fs from 'node:fs'
import path from 'node:path'
import { defineProvider } from './define.ts'

/** The variable or the file from which AWS's credential chain can take credentials. */
function findCredentials(env: NodeJS.ProcessEnv): string | undefined {
  const variables = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']
  const files = ['credentials', 'config'].map((name) => path.join(env.HOME ?? '', '.aws', name))
  return variables.find((name) => env[name]) ?? files.find((file) => fs.existsSync(file))
}

/** The provider bedrock. */
export default defineProvider({
  name: 'bedrock',
  page: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
  questions: [
    { key: 'region', text: 'Region, such as us-east-1; empty for that of your AWS profile' },
    { key: 'model', text: 'Model', required: true },
  ],
  keys: ['AWS_BEARER_TOKEN_BEDROCK'],
  keyless: true,
  credentials: { name: 'AWS credentials', find: findCredentials },
  baseUrl: { variables: ['AWS_ENDPOINT_URL_BEDROCK_RUNTIME', 'AWS_ENDPOINT_URL'] },
  fields: { region: ['AWS_REGION', 'AWS_DEFAULT_REGION'], profile: ['AWS_PROFILE'] },
  load: () => import('./api/bedrock.ts'),
})
