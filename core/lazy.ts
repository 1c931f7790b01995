/** Trusting projects' configs; most of the program never needs it. */
export const projects = () => import('./project.ts')
