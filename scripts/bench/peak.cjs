// Preloaded by -r: when the process ends, writes its peak memory in bytes to the file in PEAK_FILE.
const fs = require('node:fs')

process.once('exit', () => {
  // maxRSS of a child includes the memory of its parent at the fork; VmHWM does not.
  const status = fs.existsSync('/proc/self/status') ? fs.readFileSync('/proc/self/status', 'utf8') : ''
  const own = /VmHWM:\s+(\d+)/.exec(status)?.[1]
  fs.writeFileSync(process.env.PEAK_FILE, String(1024 * Number(own ?? process.resourceUsage().maxRSS)))
})
