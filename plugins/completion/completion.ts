import { defineCommand, flag, usage } from 'ainative-code'
import * as z from 'zod'
import type { Installation } from './install.ts'

const BASH = `# ainative-code completion for bash: eval "$(ainative-code completion bash)"
_ainative_code() {
  local IFS=$'\\n'
  COMPREPLY=($(ainative-code complete bash -- "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null))
}
complete -o nospace -F _ainative_code ainative-code
`

const ZSH = `#compdef ainative-code
# ainative-code completion for zsh: eval "$(ainative-code completion zsh)"
_ainative-code() {
  local line value ret=1
  local -a words_before values labels open_values open_labels
  words_before=("\${(@Q)words[2,CURRENT-1]}")
  # PREFIX lacks the open quote of the word.
  local quote=$compstate[quote]
  local word=\${(Q):-"$quote$PREFIX\${quote#\\$}"}
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    line=\${line#*$'\\t'}
    [[ -n $line ]] && line="$value  -- $line" || line=$value
    if [[ $value == *[/=\\(] ]]; then
      open_values+=("$value") open_labels+=("$line")
    else
      values+=("$value") labels+=("$line")
    fi
  done < <(ainative-code complete zsh -- "\${words_before[@]}" "$word" 2>/dev/null)
  (( $#values )) && compadd -l -d labels -a values && ret=0
  (( $#open_values )) && compadd -S '' -l -d open_labels -a open_values && ret=0
  return ret
}
if [[ $funcstack[1] == _ainative-code ]]; then
  _ainative-code "$@"
else
  (( $+functions[compdef] )) || { autoload -U compinit && compinit }
  compdef _ainative-code ainative-code
fi
`

const FISH = `# ainative-code completion for fish: ainative-code completion fish | source
function __ainative_code_complete
    set -l words (commandline -opc)
    ainative-code complete fish -- $words[2..] (commandline -ct | string unescape; or commandline -ct) 2>/dev/null
end
complete -c ainative-code -f -k -a '(__ainative_code_complete)'
`

const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH }
const SHELLS = ['bash', 'zsh', 'fish'] as const

/** The command `completion`. */
export const completion = defineCommand({
  name: 'completion',
  summary: 'Print or install a completion script for bash, zsh or fish',
  group: 'Shell',
  tolerant: true,
  writes: ({ install }) => install,
  fields: ['shell', 'file', 'written', 'rc', 'added'],
  args: ['shell'],
  input: z.object({
    shell: z.enum(SHELLS).optional(),
    install: flag('Install the script for the shell (default: $SHELL)'),
  }),
  examples: ['ainative-code completion --install', 'eval "$(ainative-code completion bash)"', 'ainative-code completion fish | source'],
  async run({ shell: name, install }, context): Promise<string | Installation> {
    const shell = name ?? (install ? shellOf(context.host.env) : undefined)
    if (!shell) throw usage('completion needs <shell>', `one of ${SHELLS.join(', ')}; with --install, the default is $SHELL`)
    return install ? (await import('./install.ts')).install(shell, SCRIPTS[shell], context) : SCRIPTS[shell]
  },
  print: async (data) => (typeof data === 'string' ? data : (await import('./install.ts')).reportOf(data)),
})

const shellOf = ({ SHELL = '' }: NodeJS.ProcessEnv) => SHELLS.find((name) => name === SHELL.split('/').at(-1))
