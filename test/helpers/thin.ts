/** True in `npm run test:long`, which runs all rows of large tables, and more rounds. */
export const LONG = process.env.TEST_LONG === '1'

/** Returns every nth row of a large table; in `npm run test:long` all rows. `every` is n. */
export const thin = <T>(every: number, rows: readonly T[]): T[] => rows.filter((_, i) => LONG || i % every === 0)

/** Returns a third of this number of random cases; in `npm run test:long` the whole number. */
export const rounds = (count: number): number => (LONG ? count : Math.ceil(count / 3))
