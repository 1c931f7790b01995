import { oneLine, Problem } from 'ainative-code'

/** The commands that make and publish the public key of a user. */
export const PUBLISH_KEY =
  'ainative-code zerodb key new, then ainative-code config set services.zerodb.encryption true, then ainative-code session sync'

/** The Problem of a reader without a public key on the server. `isEncrypting` is true if this device encrypts. */
export const noPublicKey = (share: string, owner: string, isEncrypting: boolean) =>
  new Problem('key', `${share} is encrypted, and you have no public key on the server: ${oneLine(owner)} cannot seal the key for you`, {
    hint: isEncrypting ? 'ainative-code session sync publishes your public key' : PUBLISH_KEY,
  })

/** The Problem of a share whose current keys are not sealed for the reader yet. */
export const notSealedYet = (share: string, owner: string) =>
  new Problem('key', `${share} cannot be read yet: ${oneLine(owner)} has not sealed the key for you`, {
    hint: `the next session sync of ${oneLine(owner)} seals it, and says so if your public key has to be accepted first`,
  })

/** The Problem of sealed keys that the reader cannot open. */
export const notOpened = (share: string, owner: string, cause: unknown) =>
  new Problem('key', `${share} is not shown: the sealed key was changed, or is for an earlier public key of yours`, {
    hint: `ask ${oneLine(owner)} to run ainative-code session sync`,
    cause,
  })

/** The Problem of a shared session whose fields are not those that the owner wrote. */
export const notAuthentic = (share: string, owner: string, cause: unknown) =>
  new Problem('key', `${share} is not shown: its copy on the server was not written by ${oneLine(owner)}`, {
    hint: `ask ${oneLine(owner)} to run ainative-code session sync --force`,
    cause,
  })
