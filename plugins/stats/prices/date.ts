/** The release of the catalogue that is built in, and the day on which it was published. */
export const CATALOGUE = { version: '0.1.8', date: '2026-09-23' }
