import type { Json } from 'ainative-code'
import { isString, objectOf, stringOf } from './values.ts'

/** The file in a content block, with its bytes as Base64 or with its URL; undefined if the block has no file. */
export const fileOf = (block: Json): Json | undefined => googleFile(block) ?? openaiFile(block) ?? anthropicFile(block)

const file = (mediaType: unknown, fields: Json): Json => ({ type: 'file', mediaType: stringOf(mediaType) ?? '*/*', ...fields })

function fromUrl(url: string, mediaType: string): Json {
  const [, type, data] = /^data:([^;,]*)[^,]*;base64,(.*)$/s.exec(url) ?? []
  return data === undefined ? file(mediaType, { url }) : file(type || mediaType, { data })
}

function googleFile(block: Json): Json | undefined {
  const inline = objectOf(block.inlineData ?? block.inline_data)
  if (isString(inline.data)) return file(inline.mimeType ?? inline.mime_type, { data: inline.data })
  const link = objectOf(block.fileData ?? block.file_data)
  const uri = link.fileUri ?? link.file_uri
  return isString(uri) ? file(link.mimeType ?? link.mime_type, { url: uri }) : undefined
}

function openaiFile(block: Json): Json | undefined {
  const image = isString(block.image_url) ? block.image_url : objectOf(block.image_url).url
  if (isString(image)) return fromUrl(image, 'image/*')
  const { data, format } = objectOf(block.input_audio ?? block.audio)
  if (isString(data)) return file(`audio/${stringOf(format) ?? '*'}`, { data })
  const { file_data: bytes, filename, file_id } = objectOf(block.file)
  const name = isString(filename) && { filename }
  if (isString(bytes)) return { ...fromUrl(bytes, '*/*'), ...name }
  return isString(file_id) ? file('*/*', { file_id, ...name }) : undefined
}

/** A file of Anthropic, or of Bedrock, which wraps the same block. */
function anthropicFile(block: Json): Json | undefined {
  const inner = objectOf(block.image ?? block.document ?? block)
  const { media_type, data, bytes, url, file_id } = objectOf(inner.source)
  const kind = block.image || block.type === 'image' ? 'image' : 'application'
  const type = stringOf(media_type) ?? `${kind}/${stringOf(inner.format) ?? '*'}`
  if (isString(data ?? bytes)) return file(type, { data: data ?? bytes })
  if (isString(url)) return fromUrl(url, type)
  return isString(file_id) ? file(type, { file_id }) : undefined
}
