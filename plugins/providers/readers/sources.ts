import type { Reply } from './reply.ts'
import { DEEPEST, isObject, isString, listOf, objectOf } from './values.ts'

/** Reads citations and annotations of any form; each becomes a part of type source. */
export function readSources(value: unknown, reply: Reply): void {
  for (const source of listOf(value).flat(DEEPEST).flatMap(listOf)) {
    // The URL may be one level down, as in url_citation or web, or two, as in location.web.
    const levels = [[source], fieldsOf([source]), fieldsOf(fieldsOf([source]))].flat().map(objectOf)
    const place = levels.find(({ url, uri }) => isString(url ?? uri)) ?? {}
    const url = isString(source) ? source : (place.url ?? place.uri)
    const title = place.title ?? objectOf(source).title
    reply.addPart(
      { type: 'source', ...(isString(url) && { url }), ...(isString(title) && { title }), ...(isObject(source) && { value: source }) },
      'sources',
    )
  }
}

/** The values of the fields of all objects in a list. */
const fieldsOf = (values: unknown[]) => values.flatMap((each) => Object.values(objectOf(each)))
