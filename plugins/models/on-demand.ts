export { askProvider } from './attempts.ts'
export { failureOf } from './failure.ts'
export { requireKey } from './missing-key.ts'
export { resolveTarget, splitModel } from './target.ts'
