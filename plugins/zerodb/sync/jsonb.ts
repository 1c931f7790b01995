/**
 * Creates a function that turns values into parameters of type jsonb, in PostgreSQL's binary format: a byte 1, and the JSON as UTF-8. The
 * memory of the result before the last `count` ones is used again: as strings, the JSON of many batches would fill the memory until the next
 * full garbage collection.
 */
export function createJsonb(count: number): (value: unknown) => Buffer {
  const buffers: Buffer[] = []
  return (value) => {
    const text = `\u0001${JSON.stringify(value)}`
    const length = Buffer.byteLength(text)
    const oldest = buffers.length < count ? undefined : buffers.shift()
    const buffer = oldest && oldest.length >= length ? oldest : Buffer.allocUnsafeSlow(Math.ceil(length * 1.5))
    buffers.push(buffer)
    buffer.write(text)
    return buffer.subarray(0, length)
  }
}
