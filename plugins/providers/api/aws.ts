import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { loadConfig, NODE_REGION_CONFIG_OPTIONS } from '@smithy/core/config'
import { Problem } from 'ainative-code'
import type { Settings } from '../provider-spec.ts'

const profileOf = ({ own }: Settings) => (own.profile === undefined ? undefined : String(own.profile))

/** Finds credentials by AWS's standard chain: the environment, profiles, SSO, a process, a web identity, the machine's role. */
export async function credentialsOf(settings: Settings): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }> {
  try {
    const found = await defaultProvider({ profile: profileOf(settings) })()
    settings.secrets.push(found.accessKeyId, found.secretAccessKey, ...(found.sessionToken ? [found.sessionToken] : []))
    return found
  } catch (error) {
    throw new Problem('no-key', 'bedrock needs AWS credentials, and none are set', {
      hint: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or AWS_BEARER_TOKEN_BEDROCK, or llm.bedrock.profile',
      cause: error,
    })
  }
}

/** Reads the region of the AWS profile. */
export async function profileRegion(settings: Settings): Promise<string> {
  // loadConfig throws if there is no region.
  const region = await loadConfig(NODE_REGION_CONFIG_OPTIONS, { profile: profileOf(settings) })().catch(() => '')
  if (region) return region
  throw new Problem('config', 'bedrock needs a region, and none is set', {
    hint: 'set AWS_REGION, or llm.bedrock.region in the config, to a region such as us-east-1',
  })
}
