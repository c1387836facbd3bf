import { Argument } from 'commander';
import type { Command } from 'commander';
import { print } from './output.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
/** A shell that completion scripts can be written for. */
export type Shell = (typeof SHELLS)[number];

/** What can follow a command: `path` is `sandbox start`, the root's is empty. */
interface CommandWords {
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly description: string }[];
}

/** Adds `prodesk completion <shell>`. It describes the commands that are registered when it runs. */
export function registerCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', '\nExample:\n  source <(prodesk completion bash)')
    .action((shell: Shell) => print(completionScript(program, shell)));
}

/** The script that makes a shell complete the program's commands and options. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = wordsBelow(program, []);
  switch (shell) {
    case 'bash':
      return bashScript(program.name(), commands);
    case 'zsh':
      return `autoload -Uz bashcompinit && bashcompinit\n${bashScript(program.name(), commands)}`;
    case 'fish':
      return fishScript(program.name(), commands);
  }
}

function wordsBelow(command: Command, path: readonly string[]): CommandWords[] {
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command);
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  const words = [
    ...subcommands.map((sub) => ({ word: sub.name(), description: sub.description() })),
    ...choices.map((word) => ({ word, description: '' })),
    ...help
      .visibleOptions(command)
      .map((option) => ({ word: option.long ?? option.flags, description: option.description })),
  ];
  const below = subcommands
    .filter((sub) => sub.name() !== 'help')
    .flatMap((sub) => wordsBelow(sub, [...path, sub.name()]));
  return [{ path: path.join(' '), words }, ...below];
}

function bashScript(name: string, commands: readonly CommandWords[]): string {
  const cases = commands.map(
    ({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`,
  );
  return [
    `_${name}_complete() {`,
    '  local path="" words="" i',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    [[ ${COMP_WORDS[i]} == -* ]] && continue',
    '    path="${path:+$path }${COMP_WORDS[i]}"',
    '  done',
    '  case "$path" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    `complete -F _${name}_complete ${name}`,
  ].join('\n');
}

function fishScript(name: string, commands: readonly CommandWords[]): string {
  const lines = commands.flatMap(({ path, words }) =>
    words.map(({ word, description }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return `complete -c ${name} -f -n '__${name}_at ${path}' ${what} -d '${description.replaceAll("'", "\\'")}'`;
    }),
  );
  return [
    `function __${name}_at`,
    '  set -l words (commandline -opc | string match -v -- "-*")',
    '  test "$words[2..]" = "$argv"',
    'end',
    ...lines,
  ].join('\n');
}
