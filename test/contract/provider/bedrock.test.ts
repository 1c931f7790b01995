import { expect, test } from 'vitest'
import { makeHome } from '../../helpers/cli.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { openModel, type ReceivedRequest } from '../../helpers/wire/server.ts'
import { KEY } from './rows.ts'

const COMMANDS = [
  ['chat', '--provider', 'bedrock', '--model', 'us.anthropic.claude-v1:0', 'hi'],
  ['models', 'bedrock'],
]

/** The parts of a signature that are not secret. */
const scopeOf = ({ headers }: ReceivedRequest) =>
  /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/([\w-]+)\/bedrock\/aws4_request, /.exec(headers.authorization ?? '')?.slice(1)

test('keys of AWS in the environment sign the requests', async () => {
  const model = await openModel('bedrock')
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: KEY, AWS_SESSION_TOKEN: 'token' }
  const home = makeHome({ ...keys, AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: model.url })
  for (const argv of COMMANDS) await home.ok(...argv)
  expect(model.requests.map(scopeOf)).toEqual(model.requests.map(() => ['AKIDEXAMPLE', 'eu-central-1']))
  expect(model.requests.map(({ headers }) => headers['x-amz-security-token'])).toEqual(model.requests.map(() => 'token'))
  expect(model.requests[0]?.path).toBe('/model/us.anthropic.claude-v1%3A0/converse-stream')
})

test('a profile gives the keys and the region', async () => {
  const model = await openModel('bedrock')
  const home = makeHome({ AWS_EC2_METADATA_DISABLED: 'true', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: model.url })
  home.write('.aws/credentials', `[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = ${KEY}\n`)
  home.write('.aws/config', '[profile work]\nregion = eu-west-3\n')
  home.write('.config/ainative-code/config.yaml', 'llm:\n  bedrock:\n    profile: work\n')
  for (const argv of COMMANDS) await home.ok(...argv)
  expect(model.requests.map(scopeOf)).toEqual(model.requests.map(() => ['AKIDWORK', 'eu-west-3']))
})

test('no keys, or no region, are told as that', async () => {
  const [chat] = COMMANDS as [string[]]
  const region = { AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1' }
  expectProblem(await makeHome(region).run(...chat), 1, 'bedrock needs AWS credentials, and none are set\nhint: set AWS_ACCESS_KEY_ID')
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: KEY }
  expectProblem(await makeHome(keys).run(...chat), 1, 'bedrock needs a region, and none is set\nhint: set AWS_REGION')
})
