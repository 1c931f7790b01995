/** Trusting projects' configs; most of the program never needs it. */
export const projects = () => import('./project.ts')

/** Writing files as a whole or not at all. */
export const outputFiles = () => import('./drafts.ts')
