/** True in `npm run test:long`, which runs all rows of large tables, and more rounds. */
export const LONG = process.env.TEST_LONG === '1'

/** Returns every nth row of a large table; in `npm run test:long` all rows. `every` is n. */
export const thin = <T>(every: number, rows: readonly T[]): T[] => rows.filter((_, i) => LONG || i % every === 0)
