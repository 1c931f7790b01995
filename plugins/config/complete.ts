import { type Candidate, configChecks, type Host } from 'ainative-code'
import { keyText } from './key.ts'

/** All settings that can be named. */
export const settingNames = async (host: Host): Promise<Candidate[]> =>
  (await (await configChecks()).keyNames(host)).map((path) => ({ value: keyText(path) }))
