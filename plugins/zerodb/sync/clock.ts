/**
 * A hybrid logical clock. Stamps are texts that sort by time: 12 hexadecimal digits of milliseconds UTC, 4 digits of a counter, and the id
 * of the device, which decides between equal times.
 */
export interface Clock {
  /** The id of this device. */
  device: string
  /** The last time, as 16 hexadecimal digits. */
  time: string
}

/** The number of characters of the time in a stamp, and of its milliseconds. */
const TIME = 16
const MS = 12
const MAX_COUNT = 0xffff

/** Returns the next stamp, which is newer than every stamp that this clock has issued or seen. */
export function nextStamp(clock: Clock, now = Date.now()): string {
  const wall = timeAt(now)
  clock.time = wall > clock.time ? wall : following(clock.time)
  return clock.time + clock.device
}

/** Returns a stamp as this device would have issued it: with the same time, so that the stamp stays older than later changes of others. */
export const ownStamp = ({ device }: Clock, stamp: string) => stamp.slice(0, TIME) + device

/** True for a stamp that another clock has issued with the id of this device: the clock was copied, or put back. */
export const isOfTwin = ({ device, time }: Clock, stamp: string) => stamp.slice(TIME) === device && stamp.slice(0, TIME) > time

function following(time: string): string {
  const [ms, count] = [time.slice(0, MS), Number.parseInt(time.slice(MS), 16)]
  return count < MAX_COUNT ? ms + hex(count + 1, TIME - MS) : timeAt(Number.parseInt(ms, 16) + 1)
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** How far a clock may be ahead of another one, in milliseconds. */
export const MAX_SKEW = 24 * 3_600_000

/** Advances the clock to a newer stamp of another device. Ignores a stamp so far in the future that no device may push it. */
export function seeStamp(clock: Clock, stamp: string, now = Date.now()): void {
  const time = stamp.slice(0, TIME)
  if (time > clock.time && /^[0-9a-f]{16}$/.test(time) && stampTime(stamp) <= now + 2 * MAX_SKEW) clock.time = time
}

/** The milliseconds UTC of a stamp. */
export const stampTime = (stamp: string) => Number.parseInt(stamp.slice(0, MS), 16)

/** The time of a stamp at these milliseconds UTC. */
export const timeAt = (ms: number) => hex(Math.max(0, Math.round(ms)), MS) + hex(0, TIME - MS)
