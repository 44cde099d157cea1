export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * The scripts of the shells. Each asks the program itself, so a script never goes out of date; nothing that was typed is evaluated.
 * Ready-made ones (@bomb.sh/tab 0.0.22) evaluate it, want the package bash-completion, and leave names of files out.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_rastreio() {
  local word rest
  COMPREPLY=()
  while IFS=$'\\t' read -r word rest; do
    COMPREPLY+=("$word")
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _rastreio rastreio
`,
  zsh: `#compdef rastreio
_rastreio() {
  local -a lines found
  lines=("\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  local line
  for line in $lines; do
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#found} )); then _describe rastreio found; else _files; fi
}
compdef _rastreio rastreio
`,
  fish: `function __rastreio
  set -l words (commandline -opc)
  $words[1] complete -- $words[2..] (commandline -ct) 2>/dev/null
end
complete -c rastreio -a '(__rastreio)'
`,
};
