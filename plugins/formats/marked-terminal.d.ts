declare module 'marked-terminal' {
  export function markedTerminal(options?: Record<string, unknown>): import('marked').MarkedExtension
}
