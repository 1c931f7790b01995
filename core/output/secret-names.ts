const SECRET_NAME = /key|token|secret|pass(word|wd|phrase|code)?|pwd|credential|auth|cookie|signature|dsn|^headers?$|^pin$/i

/** True if a setting of this name holds a secret. The block `authentication` contains the settings of a login and is not a secret itself. */
export const isSecretName = (name: string) => name !== 'authentication' && SECRET_NAME.test(name)

/** Values of settings with a secret name that only select where the secret comes from. */
const MODES: Record<string, string[]> = { auth: ['password', 'token'], api_key: ['keyring'] }

/** True if a setting of this name holds a mode, such as `auth: token`, and not a secret. */
export const isMode = (name: string, value: unknown) =>
  typeof value === 'string' && Object.hasOwn(MODES, name) && MODES[name]?.includes(value) === true

/** Matches the start of API keys of well-known services. */
const KEY_START =
  /^["']?(sk[-_]|[prw]k_(live|test)_|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|gsk_|xai-|pplx-|nvapi-|hf_[A-Za-z]{8}|r8_\w{8}|npm_\w{16}|ABSK|bedrock-api-key-|AIza|ya29\.|A[KS]IA[A-Z\d]{8}|eyJ[\w-]{8}|LLM\|)/
/** Matches a random sequence of letters and digits. */
const RANDOM = /(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{16,}/i

/** True if a text has the form of an API key or a token. */
export const looksLikeKey = (text: string) => KEY_START.test(text) || RANDOM.test(text)

const LONGEST_NAME = 40
/** Matches characters that occur in passwords but not in names. */
const OF_PASSWORDS = /^\S*[@=+$%^&*]\S*$/

/** Returns the name of a setting for a message. An API key in place of a name is cut to its first three characters. */
export const maskedName = (name: string) =>
  looksLikeKey(name) || name.length > LONGEST_NAME || OF_PASSWORDS.test(name) ? `${name.slice(0, 3)}***` : name

/** Returns the dotted path of a setting for a message. */
export const maskedPath = (path: readonly PropertyKey[]) => path.map((name) => maskedName(String(name))).join('.')

/** Cuts each word that looks like an API key in a text of another program or package, such as the error of a parser. */
export const withoutKeys = (text: string) =>
  text.replace(/[\w|+=.$-]{6,}/g, (word) => (word.split(/[=$]/).some(looksLikeKey) ? `${word.slice(0, 3)}***` : word))
