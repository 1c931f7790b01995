import { usage } from 'ainative-code'

const NAME = /^[a-z][a-z0-9_.@-]{0,62}$/
const RESERVED = ['public', 'none', 'postgres', 'user', 'current_user', 'current_role', 'session_user']

/** Returns the name of a user or of a team. Throws a Problem for an invalid or reserved name. */
export function checkedName(kind: 'user' | 'team', name: string): string {
  if (!NAME.test(name))
    throw usage(`invalid ${kind} name ${JSON.stringify(name)}`, 'expected a lowercase letter, then up to 62 of a-z, 0-9, _, -, . and @')
  if (RESERVED.includes(name) || /^(pg_|zerodb_)/.test(name))
    throw usage(`the name ${name} is reserved`, `choose another name for the ${kind}`)
  return name
}
