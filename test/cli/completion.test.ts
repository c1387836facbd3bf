import { Argument, Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../src/cli/completion.js';

function program(): Command {
  const root = new Command('prodesk').option('--verbose', "say what isn't said");
  root.command('hidden', { hidden: true });
  const sandbox = root.command('sandbox').description('a cluster');
  sandbox.command('up').option('--foreground', 'stay');
  root.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'fish']));
  return root;
}

describe('cli/completion', () => {
  it('bash completes commands, their subcommands, options and choices', () => {
    const script = completionScript(program(), 'bash');

    expect(script).toContain("'') words='sandbox completion help --verbose --help' ;;");
    expect(script).toContain("'sandbox') words='up help --help' ;;");
    expect(script).toContain("'sandbox up') words='--foreground --help' ;;");
    expect(script).toContain("'completion') words='bash fish --help' ;;");
    expect(script).toContain('complete -F _prodesk_complete prodesk');
  });

  it('zsh uses the same by its bash support', () => {
    expect(completionScript(program(), 'zsh')).toBe(
      `autoload -Uz bashcompinit && bashcompinit\n${completionScript(program(), 'bash')}`,
    );
  });

  it('fish describes each word, and quotes survive', () => {
    const lines = completionScript(program(), 'fish').split('\n');

    expect(lines).toContain("complete -c prodesk -f -n '__prodesk_at ' -a sandbox -d 'a cluster'");
    expect(lines).toContain("complete -c prodesk -f -n '__prodesk_at sandbox up' -l foreground -d 'stay'");
    expect(lines).toContain("complete -c prodesk -f -n '__prodesk_at ' -l verbose -d 'say what isn\\'t said'");
  });
});
