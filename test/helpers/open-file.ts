import fs from 'node:fs'

/** True if a process has a file open, or if the system has no /proc with this information. */
export function hasOpen(pid: number | undefined, file: string): boolean {
  const folder = `/proc/${pid}/fd`
  if (!fs.existsSync('/proc/self/fd')) return true
  try {
    return fs.readdirSync(folder).some((name) => fs.readlinkSync(`${folder}/${name}`) === file)
  } catch {
    return false
  }
}
