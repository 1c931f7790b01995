import type { Api } from '../provider-spec.ts'

/** Explains the errors of Azure, which has inner errors, and another config key for the address. */
export const explainAzure: Api['explain'] = ({ code = '', message, body }) => {
  const inner = String(Object(body?.innererror).code)
  if (/responsibleai/i.test(inner) || /content management policy/i.test(message)) return { code: 'filtered' }
  if (/deploymentnotfound/i.test(code)) return { code: 'no-model' }
  return { addressKey: 'llm.azure.endpoint' }
}
