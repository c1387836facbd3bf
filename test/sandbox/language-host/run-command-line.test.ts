import { describe, expect, it } from 'vitest';
import { runCommandOf, splitArguments, type RunInput } from '../../../src/sandbox/language-host/run-command-line.js';
import { outcomeOf } from '../../../src/sandbox/language-host/run-program.js';

const INPUT: RunInput = {
  monitorAddress: '127.0.0.1:1',
  engineAddress: '127.0.0.1:2',
  organization: 'organization',
  project: 'p',
  stack: 's',
  rootDirectory: '/work',
  workingDirectory: '/project/src',
  program: 'index.ts',
  isPreview: true,
  parallel: 4,
  args: ['x'],
  config: { 'p:a': '1' },
  secretKeys: ['p:b'],
  options: { typescript: false, nodeargs: '--import tsx' },
};

describe('sandbox/language-host/run-command-line', () => {
  it('node gets its arguments, then the runner, its flags, the program and its arguments', () => {
    expect(runCommandOf(INPUT, '/runner')).toEqual({
      args: [
        ...['--import', 'tsx', '/runner', '--monitor', '127.0.0.1:1', '--engine', '127.0.0.1:2'],
        ...['--organization', 'organization', '--project', 'p', '--root-directory', '/work', '--stack', 's'],
        ...['--pwd', '/project/src', '--parallel', '4', '--dry-run', 'index.ts', 'x'],
      ],
      env: { PULUMI_CONFIG: '{"p:a":"1"}', PULUMI_CONFIG_SECRET_KEYS: '["p:b"]' },
    });
  });

  it('typescript is on unless it is switched off, and may name its configuration', () => {
    const { env } = runCommandOf({ ...INPUT, options: { tsconfig: 'tsconfig.pulumi.json' } }, '/runner');

    expect(env).toMatchObject({
      PULUMI_NODEJS_TYPESCRIPT: 'true',
      PULUMI_NODEJS_TSCONFIG_PATH: 'tsconfig.pulumi.json',
    });
  });

  it('an update has no --dry-run; a program without a file is its folder', () => {
    const { args } = runCommandOf({ ...INPUT, isPreview: false, program: '' }, '/runner');

    expect(args).not.toContain('--dry-run');
    expect(args.slice(-2)).toEqual(['.', 'x']);
  });

  it.each([
    ['', []],
    ['--a  --b=c', ['--a', '--b=c']],
    [`--a="b c" 'd e'`, ['--a=b c', 'd e']],
  ])('splits %j', (text, expected) => {
    expect(splitArguments(text)).toEqual(expected);
  });
});

describe('sandbox/language-host/run-program', () => {
  it.each([
    [0, null, { error: '', isReported: false }],
    [32, null, { error: '', isReported: true }],
    [1, null, { error: 'Program exited with non-zero exit code: 1', isReported: false }],
    [null, 'SIGKILL', { error: 'Program was ended by SIGKILL', isReported: false }],
  ] as const)('exit code %s with signal %s is %j', (code, signal, expected) => {
    expect(outcomeOf(code, signal)).toEqual(expected);
  });
});
