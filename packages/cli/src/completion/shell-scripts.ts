import type { CommandWords } from './command-words.ts'

/** Shells that completion is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** One of them. */
export type Shell = (typeof SHELLS)[number]

/**
 * Writes the script that completes the commands in a shell; nothing is run while somebody types. The names of commands and
 * options are the program's own: letters, digits and hyphens.
 */
export function completionScript(shell: Shell, tree: readonly CommandWords[]): string {
  return SCRIPTS[shell](tree)
}

const SCRIPTS: Readonly<Record<Shell, (tree: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

const wordsOf = ({ commands, options }: CommandWords): string =>
  [...commands, ...options].map(({ word }) => word).join(' ')

/** Cases of a POSIX shell from the path of a command to a list of words. */
function casesOf(
  tree: readonly CommandWords[],
  body: (words: CommandWords) => string | undefined,
): string {
  return tree
    .flatMap((words) => {
      const text = body(words)
      return text === undefined ? [] : [`    ${quote(words.path)}) ${text} ;;`]
    })
    .join('\n')
}

/** A pattern of a POSIX shell: a command's path with an option of it that takes a file, or any other value. */
function optionsThatTake(tree: readonly CommandWords[], kind: 'text' | 'file'): string {
  const found = tree.flatMap(({ path, options }) =>
    options.filter(({ takes }) => takes === kind).map(({ word }) => quote(`${path} ${word}`)),
  )
  return found.length === 0 ? "''" : found.join('|')
}

const filesOf = (words: CommandWords) => (words.takesFile ? 'files=1' : undefined)

function bashScript(tree: readonly CommandWords[]): string {
  return `# Completion of thingpass for bash: source <(thingpass completion bash)
_thingpass() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path=thingpass word words= files= index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "$path $word" in
      ${tree.map(({ path }) => quote(path)).join('|')}) path="$path $word" ;;
    esac
  done
  case "$path \${COMP_WORDS[COMP_CWORD-1]}" in
    ${optionsThatTake(tree, 'file')}) COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; return ;;
    ${optionsThatTake(tree, 'text')}) return ;;
  esac
  case "$path" in
${casesOf(tree, (words) => `words=${quote(wordsOf(words))}`)}
  esac
  case "$path" in
${casesOf(tree, filesOf)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n $files && $current != -* ]]; then
    COMPREPLY+=($(compgen -f -- "$current"))
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _thingpass thingpass
`
}

function zshScript(tree: readonly CommandWords[]): string {
  const described = ({ commands, options }: CommandWords) =>
    `known=(${[...commands, ...options].map(({ word, about }) => quote(`${word}:${about.replaceAll(':', '\\:')}`)).join(' ')})`
  return `#compdef thingpass
# Completion of thingpass for zsh: thingpass completion zsh > "\${fpath[1]}/_thingpass"
_thingpass() {
  local command_path=thingpass word index
  local files=
  local -a known
  for ((index = 2; index < CURRENT; index++)); do
    word="\${words[index]}"
    case "$command_path $word" in
      ${tree.map(({ path }) => `(${quote(path)})`).join('|')}) command_path="$command_path $word" ;;
    esac
  done
  case "$command_path \${words[CURRENT-1]}" in
    ${optionsThatTake(tree, 'file')}) _files; return ;;
    ${optionsThatTake(tree, 'text')}) return ;;
  esac
  case "$command_path" in
${casesOf(tree, described)}
  esac
  case "$command_path" in
${casesOf(tree, filesOf)}
  esac
  _describe -V thingpass known
  [[ -n $files ]] && _files
  return 0
}
if [[ "\${funcstack[1]}" == _thingpass ]]; then _thingpass "$@"; else compdef _thingpass thingpass; fi
`
}

function fishScript(tree: readonly CommandWords[]): string {
  const line = (condition: string, rest: string) =>
    `complete -c thingpass -n ${quote(condition)} ${rest}`
  const lines = tree.flatMap(({ path, commands, options, takesFile }) => {
    const here = `__thingpass_at ${path}`
    return [
      ...commands.map(({ word, about }) => line(here, `-a ${word} -d ${quoteFish(about)}`)),
      ...options.map(({ word, about, takes }) => {
        const value = takes === 'nothing' ? '' : takes === 'file' ? ' -r -F' : ' -x'
        return line(here, `-l ${word.slice(2)}${value} -d ${quoteFish(about)}`)
      }),
      ...(takesFile ? [line(here, '-F')] : []),
    ]
  })
  return `# Completion of thingpass for fish: thingpass completion fish > ~/.config/fish/completions/thingpass.fish
set -g __thingpass_paths ${tree.map(({ path }) => quoteFish(path)).join(' ')}
function __thingpass_at
  set -l path thingpass
  for word in (commandline -opc)[2..-1]
    contains -- "$path $word" $__thingpass_paths; and set path "$path $word"
  end
  test "$path" = "$argv"
end
complete -c thingpass -f
${lines.join('\n')}
`
}

/** One word of a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** One word of fish, where a backslash counts within quotes, too. */
function quoteFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
