/** Matches the id of a share, or the first four or more digits of one. */
export const SHARED_ID = /^shared-[0-9a-f]{4,32}$/
