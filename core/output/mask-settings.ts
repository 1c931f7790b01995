import { isSecretName, looksLikeKey, maskedName, withoutKeys } from './secret-names.ts'

/** Settings whose texts are never secret. Any other text is masked: a plugin may give its secret any name. */
const HARMLESS = new Set(
  [
    'path file folder url base_url endpoint host database region profile timeout',
    'provider default_provider model deployment_name api_version keep_alive',
    'format sort color time_zone tags project plugins title name mode type language level',
    'effort reasoningEffort reasoningSummary textVerbosity thinkingLevel serviceTier',
  ]
    .join(' ')
    .split(' '),
)

/** How the texts within a setting are shown. */
type Rule = 'harmless' | 'unknown' | 'secret'

/** The settings for people to read: every text that is not known to be harmless is masked, and every value of a secret name. */
export function masked(value: unknown, rule: Rule = 'unknown'): unknown {
  if (Array.isArray(value)) return value.map((each) => masked(each, rule))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [maskedName(name), masked(each, ruleOf(name, each, rule))]))
  }
  if (value === null || value === undefined || value === '') return value
  if (typeof value !== 'string') return rule === 'secret' ? '***' : value
  if (isReference(value)) return value
  return rule === 'harmless' && !looksLikeKey(value) ? shownText(value) : '***'
}

/** What is below a secret name is secret; a count of tokens is not. */
function ruleOf(name: string, value: unknown, above: Rule): Rule {
  if (above === 'secret') return above
  if (isSecretName(name) && !(typeof value === 'number' && /tokens$/i.test(name))) return 'secret'
  return HARMLESS.has(name) ? 'harmless' : 'unknown'
}

/** True for `${NAME}`, which stands for a secret and is none. */
function isReference(text: string): boolean {
  const [, name] = /^\$\{(\w+)\}$/.exec(text) ?? []
  return name !== undefined && !looksLikeKey(name)
}

/** A path, a URL or a name that a person wrote, for a message: without passwords, and with every word cut that looks like a key. */
export const shownText = (text: string) => withoutKeys(withoutSecrets(text))

/** The user name and the password before a host, with or without a scheme. */
const USER = /([a-z][\w+.-]*:\/\/)?([^\s:/@]*)(:\S*)?@(?=[^\s@]*(?:\s|$))/gi

/** The path of a URL; a long part of it without a hyphen is the token of a webhook. */
const URL_PATH = /(:\/\/[^/\s]*)(\/[^\s?#]*)/g
const LONG_PART = /[^/]{40,}|\w{20,}/g

/** A parameter in the query or the fragment of a URL whose name is that of a secret. */
const SECRET_PARAMETER = /([?&#;][^\s=&#;?]*(?:key|token|secret|pass|pwd|auth|credential|cookie|sig)[^\s=&#;?]*=)[^\s&]+/gi

/** A text without the password in a URL, and without tokens in its path, its query and its fragment. */
const withoutSecrets = (text: string) =>
  text
    .replace(USER, (user, scheme = '', name, password) => {
      if (password !== undefined) return `${scheme}${name}:***@`
      // A name alone may be a token, but before a host without a scheme it is a mail address.
      return scheme ? `${scheme}***@` : user
    })
    .replace(URL_PATH, (_, host: string, path: string) => host + path.replace(LONG_PART, '***'))
    .replace(SECRET_PARAMETER, '$1***')
