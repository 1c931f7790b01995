import type { MatchLogic } from '@pydantic/genai-prices'

/** What may follow the name of a model without making it another one: a date, `-latest`, Google's and Amazon's numbers of a release. */
const RELEASE = /^(?:[-@](?:20\d{6}|20\d\d-\d\d-\d\d|latest|00\d))?(?:-v\d+(?::\d+)?)?$/

/** True if the catalogue's rule names this model, and not only one whose name begins in the same way. */
export function namesModel(rule: MatchLogic, model: string): boolean {
  const name = model.trim().toLowerCase()
  const dated = name.replace(/-(20\d\d)(\d\d)(\d\d)\b/, '-$1-$2-$3')
  return names(rule, name) || (dated !== name && names(rule, dated))
}

function names(rule: MatchLogic, name: string): boolean {
  if ('or' in rule) return rule.or.some((each) => names(each, name))
  // The rules beside the one that names the model only exclude others.
  if ('and' in rule) return rule.and.some((each) => names(each, name))
  if ('equals' in rule) return name === rule.equals.toLowerCase()
  const part = 'starts_with' in rule ? rule.starts_with : 'contains' in rule ? rule.contains : 'ends_with' in rule ? rule.ends_with : ''
  const at = part ? name.indexOf(part.toLowerCase()) : -1
  return at >= 0 && RELEASE.test(name.slice(at + part.length))
}
