import { codeOf, messageOf, oneLine, Problem, plural } from 'ainative-code'

/** Problems for error codes of OAuth 2.0, such as `invalid_grant`. */
export type OAuthProblems = Record<string, () => Problem>

interface Failure {
  issuer: string
  /** The texts that no message may contain. */
  secrets: (string | undefined)[]
  answers?: OAuthProblems
  clockDifference?: number
}

/** The lowest HTTP status of a fault of the server, which may pass. */
const SERVER_FAULT = 500

/** Converts a failure of a request to the issuer to a Problem. The Problem has no cause, because errors of openid-client contain tokens. */
export function loginProblem(error: unknown, failure: Failure): Problem {
  const causes = causesOf(error)
  const problem = causes.find((each) => each instanceof Problem)
  if (problem) return problem
  const answer = causes.find(isAnswer)
  if (answer) return answerProblem(answer, failure)
  const fault = causes.find((each) => each instanceof Response && each.status >= SERVER_FAULT) as Response | undefined
  if (fault)
    return new Problem('issuer', `${failure.issuer} failed with HTTP ${fault.status}`, {
      hint: 'run the command again later; a stored login is kept',
    })
  const codes = causes.map(codeOf).filter((code) => code !== undefined)
  if (codes.includes('OAUTH_JWT_TIMESTAMP_CHECK_FAILED')) return clockProblem(failure)
  for (const code of codes) {
    const network = networkProblem(code, failure.issuer)
    if (network) return network
  }
  return new Problem('issuer', `invalid response from ${failure.issuer}: ${withoutSecrets(reasonOf(causes), failure.secrets)}`, {
    hint: 'ainative-code config set platform.authentication.issuer sets another issuer',
  })
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = []
  for (let at = error; at !== undefined && at !== null && causes.length < 5; at = (at as { cause?: unknown }).cause) causes.push(at)
  return causes
}

/** Returns the message of the innermost error. The messages of the outer errors are generic. */
const reasonOf = (causes: unknown[]) => messageOf(causes.findLast((each) => each instanceof Error) ?? causes[0])

/** An error code that the issuer sent. */
interface Answer {
  error: string
  error_description?: string
  /** The HTTP status. Absent for an error that the browser brought. */
  status?: number
}

const isAnswer = (value: unknown): value is Answer => value instanceof Error && 'error' in value && typeof value.error === 'string'

const MAX_LENGTH = 200
const TOO_MANY_REQUESTS = 429

function answerProblem({ error, error_description = '', status }: Answer, { issuer, secrets, answers = {} }: Failure): Problem {
  const problem = Object.hasOwn(answers, error) ? answers[error]?.() : undefined
  if (problem) return problem
  const text = withoutSecrets(error_description ? `${error}: ${error_description}` : error, secrets)
  // Auth0 sends this status with access_denied.
  if (status === TOO_MANY_REQUESTS)
    return new Problem('issuer', `${issuer} accepts no more requests at the moment: ${text}`, { hint: 'run the command again later' })
  if (error === 'access_denied')
    return new Problem('login-refused', `the login was denied at ${issuer}`, { hint: 'ainative-code auth login starts again' })
  return new Problem('login-refused', `${issuer} refused the request: ${text}`, { hint: hintOf(error) })
}

/** Returns the hint for an error code of the issuer: the setting that the issuer refused. */
function hintOf(error: string): string {
  const setting = { invalid_client: 'client_id', unauthorized_client: 'client_id', invalid_scope: 'scopes', invalid_target: 'audience' }[
    error
  ]
  return setting ? `ainative-code config get platform.authentication.${setting} shows the setting` : 'ainative-code auth login starts again'
}

/** Shortens a text of the issuer, and replaces secrets that the issuer may repeat. */
function withoutSecrets(text: string, secrets: (string | undefined)[]): string {
  const clean = secrets.reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, '***') : rest), text)
  return oneLine(clean).slice(0, MAX_LENGTH)
}

function clockProblem({ issuer, clockDifference = 0 }: Failure): Problem {
  const minutes = Math.round(Math.abs(clockDifference) / 60_000)
  const difference = `${plural(minutes, 'minute')} ${clockDifference > 0 ? 'behind' : 'ahead of'}`
  const message =
    minutes > 0
      ? `the clock of this machine is ${difference} the clock of ${issuer}`
      : `${issuer} sent an ID token that is not valid at this time`
  return new Problem('clock', message, { hint: 'set the clock of this machine, and run the command again' })
}

const TLS = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|SSL|TLS|EPROTO/

function networkProblem(code: string, issuer: string): Problem | undefined {
  if (TLS.test(code)) {
    const hint = /EXPIRED|NOT_YET_VALID/.test(code)
      ? 'check the clock of this machine, and the certificate of the server'
      : 'NODE_EXTRA_CA_CERTS=FILE trusts the certificate authority in FILE'
    return new Problem('issuer', `no secure connection to ${issuer} is possible (${code})`, { hint })
  }
  const reason = {
    ENOTFOUND: `the address of ${issuer} was not found`,
    EAI_AGAIN: `the address of ${issuer} was not found`,
    ECONNREFUSED: `no server listens at ${issuer}`,
    ETIMEDOUT: `${issuer} does not answer`,
    OAUTH_TIMEOUT: `${issuer} does not answer`,
    ERR_PROXY_LOGIN: `the proxy refused its login for ${issuer}`,
  }[code]
  const message = reason ?? (/^E[A-Z]+$/.test(code) ? `the connection to ${issuer} failed (${code})` : undefined)
  return message === undefined
    ? undefined
    : new Problem('issuer', message, { hint: 'check the network, and platform.authentication.issuer' })
}
