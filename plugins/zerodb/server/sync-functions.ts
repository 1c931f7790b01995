/** The SQL of the functions that push and read changes. They belong to the role zerodb_definer. */
export const SYNC_FUNCTIONS = ''
