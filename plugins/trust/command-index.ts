export { trust } from './trust.ts'
export { untrust } from './untrust.ts'
