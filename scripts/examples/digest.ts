import type { Script } from 'ainative-code'

/** Prints the recent questions by project, in Markdown: ainative-code run scripts/examples/digest.ts 7d */
const digest: Script = async ({ sessions, args }) => {
  const projects = new Map<string, string[]>()
  for await (const session of sessions({ since: args[0] ?? '7d' })) {
    const project = String((session.metadata as { project?: string }).project ?? 'no project')
    const [question] = (await session.messages()).filter(({ role }) => role === 'user')
    const asked = String(question?.content ?? '').split('\n', 1)[0]
    projects.set(project, [...(projects.get(project) ?? []), `- **${session.title}**: ${asked}`])
  }
  const sections = [...projects].sort().map(([name, lines]) => `## ${name}\n\n${lines.join('\n')}`)
  return sections.length > 0 ? sections.join('\n\n') : 'no questions'
}

export default digest
