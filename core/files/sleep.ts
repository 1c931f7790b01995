/** Blocks the thread for this many milliseconds. For short waits of a synchronous caller. */
export function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
