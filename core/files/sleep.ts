/** Blocks the thread for this many milliseconds. For waits that are short, where the caller is synchronous. */
export function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
