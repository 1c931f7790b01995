// Contract suites for plugin authors: the package's entry `ainative-code/testing`.
export { type Case, runCases } from './case.ts'
export { type Contributions, contributionsOf } from './contributions.ts'
export { formatCases } from './format.ts'
export { importerCases } from './importer.ts'
export { type ProviderCaseOptions, providerCases } from './provider.ts'
export { HARD_TEXTS, sampleMessage, sampleSession } from './samples.ts'
export { storeCases } from './store.ts'
