/** The part of the web's Headers that the SDKs use: that one brings all of fetch with it, which takes longer than the rest of a start. */
export class Headers {
  readonly #values = new Map<string, string>()

  constructor(values: Record<string, string | string[] | undefined> | Iterable<[string, string]> = {}) {
    const entries = Symbol.iterator in values ? values : Object.entries(values)
    for (const [name, value] of entries) if (value !== undefined) this.set(name, [value].flat().join(', '))
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase())
  }

  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value)
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase())
  }

  keys(): MapIterator<string> {
    return this.#values.keys()
  }

  entries(): MapIterator<[string, string]> {
    return this.#values.entries()
  }

  forEach(each: (value: string, name: string) => void): void {
    this.#values.forEach(each)
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries()
  }
}
