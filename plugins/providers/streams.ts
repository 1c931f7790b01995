/**
 * The parts of the web's streams that the SDKs use, over async iterators: node's own take 10 ms of a start. A chunk is made when it is
 * asked for, so nothing runs ahead of its reader.
 */
export class ReadableStream<T> {
  readonly #items: AsyncIterator<T>

  constructor(source: AsyncIterable<T> | Source<T>) {
    const items = Symbol.asyncIterator in source ? source : pulled(source)
    this.#items = items[Symbol.asyncIterator]()
  }

  getReader(): Pick<this, 'cancel'> & { read(): Promise<IteratorResult<T>>; releaseLock(): void } {
    return { read: () => this.#items.next(), cancel: () => this.cancel(), releaseLock() {} }
  }

  pipeThrough<U>(transform: TransformStream<T, U> | NodeTransform<T, U>): AsyncIterable<U> {
    if (transform instanceof TransformStream) return new ReadableStream(transform.over(this))
    // Run from the sources, the SDKs have node's own.
    void fill(transform.writable.getWriter(), this)
    return transform.readable
  }

  /** The same chunks for two readers. */
  tee(): [ReadableStream<T>, ReadableStream<T>] {
    const queues: [Promise<IteratorResult<T>>[], Promise<IteratorResult<T>>[]] = [[], []]
    const open = new Set(queues)
    const branch = (own: Promise<IteratorResult<T>>[]): AsyncIterable<T> => {
      const next = () => {
        if (own.length === 0) {
          const item = this.#items.next()
          for (const queue of open) queue.push(item)
        }
        return own.shift() as Promise<IteratorResult<T>>
      }
      const end = async () => {
        open.delete(own)
        if (open.size === 0) await this.cancel()
        return { done: true as const, value: undefined }
      }
      return { [Symbol.asyncIterator]: () => ({ next, return: end }) }
    }
    return [new ReadableStream(branch(queues[0])), new ReadableStream(branch(queues[1]))]
  }

  async cancel(): Promise<void> {
    await this.#items.return?.()
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#items
  }
}

interface Controller<T> {
  enqueue(chunk: T): void
  error(reason: unknown): void
  close(): void
  terminate(): void
}

interface NodeTransform<T, U> {
  readable: AsyncIterable<U>
  writable: { getWriter(): WritableStreamDefaultWriter<T> }
}

async function fill<T>(writer: WritableStreamDefaultWriter<T>, items: AsyncIterable<T>): Promise<void> {
  try {
    for await (const item of items) await writer.write(item)
    await writer.close()
  } catch (error) {
    await writer.abort(error)
  }
}

interface Source<T> {
  pull(controller: Controller<T>): unknown
  cancel?(): unknown
}

/** What is said to a controller: chunks to hand on, and whether there will be more. */
function createController<T>() {
  let made: T[] = []
  let failure: { reason: unknown } | undefined
  let ended = false
  const end = () => {
    ended = true
  }
  const controller: Controller<T> = {
    enqueue: (chunk) => void made.push(chunk),
    error(reason) {
      failure ??= { reason }
    },
    close: end,
    terminate: end,
  }
  return {
    controller,
    ended: () => ended,
    *take(): Iterable<T> {
      const taken = made
      made = []
      yield* taken
      if (failure) throw failure.reason
    },
  }
}

async function* pulled<T>(source: Source<T>): AsyncIterable<T> {
  const { controller, take, ended } = createController<T>()
  try {
    while (!ended()) {
      await source.pull(controller)
      yield* take()
    }
  } finally {
    if (!ended()) await source.cancel?.()
  }
}

interface Transformer<T, U> {
  start?(controller: Controller<U>): unknown
  transform?(chunk: T, controller: Controller<U>): unknown
  flush?(controller: Controller<U>): unknown
}

export class TransformStream<T, U> {
  readonly #transformer: Transformer<T, U>

  constructor(transformer: Transformer<T, U>) {
    this.#transformer = transformer
  }

  async *over(source: AsyncIterable<T>): AsyncIterable<U> {
    const { controller, take, ended } = createController<U>()
    const transformer = this.#transformer
    await transformer.start?.(controller)
    yield* take()
    for await (const chunk of source) {
      await transformer.transform?.(chunk, controller)
      yield* take()
      if (ended()) return
    }
    await transformer.flush?.(controller)
    yield* take()
  }
}

/** UTF-8 to text, whichever way its bytes were cut. */
export class TextDecoderStream extends TransformStream<Uint8Array, string> {
  constructor() {
    const decoder = new TextDecoder()
    super({
      transform: (bytes, { enqueue }) => enqueue(decoder.decode(bytes, { stream: true })),
      flush: ({ enqueue }) => enqueue(decoder.decode()),
    })
  }
}
