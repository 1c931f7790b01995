import type { MatchLogic } from '@pydantic/genai-prices'

/** True if a name (in lower case) matches a rule of the catalogue. */
export function matchesRule(rule: MatchLogic, name: string): boolean {
  if ('or' in rule) return rule.or.some((each) => matchesRule(each, name))
  if ('and' in rule) return rule.and.every((each) => matchesRule(each, name))
  if ('equals' in rule) return name === rule.equals.toLowerCase()
  if ('starts_with' in rule) return name.startsWith(rule.starts_with.toLowerCase())
  if ('ends_with' in rule) return name.endsWith(rule.ends_with.toLowerCase())
  if ('contains' in rule) return name.includes(rule.contains.toLowerCase())
  return new RegExp(rule.regex).test(name)
}

/** Matches suffixes that do not make a name another model: a date, `-latest`, or a release number of Google or Amazon. */
const RELEASE = /^(?:[-@](?:20\d{6}|20\d\d-\d\d-\d\d|latest|00\d))?(?:-v\d+(?::\d+)?)?$/

/** True if a rule that matches a name is specific to this model, rather than to all models with the same prefix. */
export function isSpecificTo(rule: MatchLogic, name: string): boolean {
  if ('or' in rule) return rule.or.some((each) => isSpecificTo(each, name))
  // One of the rules names the model; the others only exclude other models.
  if ('and' in rule) return rule.and.some((each) => isSpecificTo(each, name))
  if ('equals' in rule) return name === rule.equals.toLowerCase()
  const part = 'starts_with' in rule ? rule.starts_with : 'contains' in rule ? rule.contains : 'ends_with' in rule ? rule.ends_with : ''
  // Some rules end in the middle of a date.
  const model = part.toLowerCase().replace(/[-@](?:20[\d-]*)?$/, '')
  const at = model ? name.indexOf(model) : -1
  return at >= 0 && RELEASE.test(name.slice(at + model.length))
}

/** Changes a date such as 20260131 in a name to 2026-01-31. */
export const withDashedDate = (name: string) => name.replace(/-(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, '-$1-$2-$3')
