// The package's entry in the build. core/index.ts cannot be the entry, because start-modules.ts imports it and is part of every file.
export * from '../../core/index.ts'
