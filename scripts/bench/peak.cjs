// Preloaded by -r: writes the peak memory of the process in bytes to the file that PEAK_FILE names when it ends.
const fs = require('node:fs')

process.once('exit', () => {
  // maxRSS of a child begins at what its parent held when it forked; VmHWM is the process's own.
  const status = fs.existsSync('/proc/self/status') ? fs.readFileSync('/proc/self/status', 'utf8') : ''
  const own = /VmHWM:\s+(\d+)/.exec(status)?.[1]
  fs.writeFileSync(process.env.PEAK_FILE, String(1024 * Number(own ?? process.resourceUsage().maxRSS)))
})
