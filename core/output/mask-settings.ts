import { isMode, isSecretName, looksLikeKey, maskedName, withoutKeys } from './secret-names.ts'

/** Settings whose texts are never secret. Any other text is masked, because a plugin's secret can have any name. */
const HARMLESS = new Set(
  [
    'path file folder url base_url endpoint host database region profile timeout',
    'provider default_provider model deployment_name api_version keep_alive',
    'issuer client_id scopes audience',
    'format sort color time_zone tags project plugins title name mode type language level',
    'effort reasoningEffort reasoningSummary textVerbosity thinkingLevel serviceTier',
  ]
    .join(' ')
    .split(' '),
)

/** The rule for the texts of a setting: shown, masked because the setting is unknown, or secret. */
type Rule = 'harmless' | 'unknown' | 'secret'

/** Masks settings for output: each value with a secret name, and each text that is not known to be harmless. */
export function maskSecrets(value: unknown, rule: Rule = 'unknown'): unknown {
  if (Array.isArray(value)) return value.map((each) => maskSecrets(each, rule))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [maskedName(name), maskSecrets(each, ruleOf(name, each, rule))]))
  }
  if (value === null || value === undefined || value === '') return value
  if (typeof value !== 'string') return rule === 'secret' ? '***' : value
  if (isReference(value)) return value
  return rule === 'harmless' && !looksLikeKey(value) ? shownText(value) : '***'
}

/** The rule for a setting. Everything in a secret block is secret; a count of tokens is not secret. */
function ruleOf(name: string, value: unknown, above: Rule): Rule {
  if (above === 'secret') return above
  if (isMode(name, value)) return 'harmless'
  if (isSecretName(name) && !(typeof value === 'number' && /tokens$/i.test(name))) return 'secret'
  return HARMLESS.has(name) ? 'harmless' : 'unknown'
}

/** True for a reference `${NAME}`, which is not a secret itself. */
function isReference(text: string): boolean {
  const [, name] = /^\$\{(\w+)\}$/.exec(text) ?? []
  return name !== undefined && !looksLikeKey(name)
}

/** Removes secrets from a path, a URL or a name for a message: passwords, and words that look like API keys. */
export const shownText = (text: string) => withoutKeys(withoutSecrets(text))

/** Matches the user name and the password before a host, with or without a scheme. */
const USER = /([a-z][\w+.-]*:\/\/)?([^\s:/@]*)(:\S*)?@(?=[^\s@]*(?:\s|$))/gi

/** Matches the path of a URL. A long part without a hyphen can be the token of a webhook. */
const URL_PATH = /(:\/\/[^/\s]*)(\/[^\s?#]*)/g
const LONG_PART = /[^/]{40,}|\w{20,}/g

/** Matches a parameter with a secret name in the query or fragment of a URL. */
const SECRET_PARAMETER = /([?&#;][^\s=&#;?]*(?:key|token|secret|pass|pwd|auth|credential|cookie|sig)[^\s=&#;?]*=)[^\s&]+/gi

/** Removes the passwords in URLs, and the tokens in their path, query and fragment. */
const withoutSecrets = (text: string) =>
  text
    .replace(USER, (user, scheme = '', name, password) => {
      if (password !== undefined) return `${scheme}${name}:***@`
      // A user name without a password can be a token. Without a scheme, the text is an e-mail address.
      return scheme ? `${scheme}***@` : user
    })
    .replace(URL_PATH, (_, host: string, path: string) => host + path.replace(LONG_PART, '***'))
    .replace(SECRET_PARAMETER, '$1***')
