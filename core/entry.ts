// The package's entry in the build. Not index.ts itself: the build puts eager.ts before every file, and index.ts is among what that loads.
export * from './index.ts'
