import type { MatchLogic } from '@pydantic/genai-prices'

/** True if a rule of the catalogue holds for a name in lower case. */
export function matches(rule: MatchLogic, name: string): boolean {
  if ('or' in rule) return rule.or.some((each) => matches(each, name))
  if ('and' in rule) return rule.and.every((each) => matches(each, name))
  if ('equals' in rule) return name === rule.equals.toLowerCase()
  if ('starts_with' in rule) return name.startsWith(rule.starts_with.toLowerCase())
  if ('ends_with' in rule) return name.endsWith(rule.ends_with.toLowerCase())
  if ('contains' in rule) return name.includes(rule.contains.toLowerCase())
  return new RegExp(rule.regex).test(name)
}

/** What may follow the name of a model without making it another one: a date, `-latest`, Google's and Amazon's numbers of a release. */
const RELEASE = /^(?:[-@](?:20\d{6}|20\d\d-\d\d-\d\d|latest|00\d))?(?:-v\d+(?::\d+)?)?$/

/** True if the rule that holds for a name is about this very model, and not about all whose names begin in the same way. */
export function isAbout(rule: MatchLogic, name: string): boolean {
  if ('or' in rule) return rule.or.some((each) => isAbout(each, name))
  // The rules beside the one that names the model only exclude others.
  if ('and' in rule) return rule.and.some((each) => isAbout(each, name))
  if ('equals' in rule) return name === rule.equals.toLowerCase()
  const part = 'starts_with' in rule ? rule.starts_with : 'contains' in rule ? rule.contains : 'ends_with' in rule ? rule.ends_with : ''
  // Some rules end within a date.
  const model = part.toLowerCase().replace(/[-@](?:20[\d-]*)?$/, '')
  const at = model ? name.indexOf(model) : -1
  return at >= 0 && RELEASE.test(name.slice(at + model.length))
}

/** The name with its date as 2026-01-31 where it is 20260131. */
export const dated = (name: string) => name.replace(/-(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, '-$1-$2-$3')
