import type { Script } from 'ainative-code'

/** Prints the code blocks of all replies in one language: ainative-code run scripts/examples/code-blocks.ts -- go --project backend-service */
const codeBlocks: Script = async ({ sessions, print, args: [language = 'go', ...flags] }) => {
  const project = flags[0] === '--project' ? flags[1] : undefined
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm')
  let found = 0
  for await (const session of sessions({ project })) {
    for (const { role, content } of await session.messages()) {
      if (role !== 'assistant') continue
      for (const [, code] of String(content).matchAll(fence)) {
        found++
        await print(`// ${session.id} ${session.title}\n${code}`)
      }
    }
  }
  return `${found} blocks of ${language}`
}

export default codeBlocks
