import { oneLine, Problem } from 'ainative-code'

/** The commands that make and publish the public key of a user. */
export const PUBLISH_KEY =
  'ainative-code zerodb key new, then ainative-code config set services.zerodb.encryption true, then ainative-code session sync'

/** The Problem of a reader who has no key for which the owner could seal something. `hasKey` tells whether this device encrypts. */
export const noPublicKey = (share: string, owner: string, hasKey: boolean) =>
  new Problem('key', `${share} is encrypted, and you have no public key on the server: ${oneLine(owner)} cannot seal the key for you`, {
    hint: hasKey ? 'ainative-code session sync publishes your public key' : PUBLISH_KEY,
  })

/** The Problem of a share whose current keys the owner has not sealed for the reader. */
export const notSealedYet = (share: string, owner: string) =>
  new Problem('key', `${share} cannot be read yet: ${oneLine(owner)} has not sealed the key for you`, {
    hint: `the next session sync of ${oneLine(owner)} seals it, and says so if your public key has to be accepted first`,
  })

/** The Problem of sealed keys that do not open. */
export const notOpened = (share: string, owner: string, cause: unknown) =>
  new Problem('key', `${share} is not shown: the sealed key was changed, or is for an earlier public key of yours`, {
    hint: `ask ${oneLine(owner)} to run ainative-code session sync`,
    cause,
  })

/** The Problem of a shared session whose fields are not those that the owner wrote. */
export const notAuthentic = (share: string, owner: string, cause: unknown) =>
  new Problem('key', `${share} is not shown: the server has it in a form that ${oneLine(owner)} did not write`, {
    hint: `ask ${oneLine(owner)} to run ainative-code session sync --force`,
    cause,
  })
