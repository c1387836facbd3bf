import { describe, expect, it } from 'vitest';
import { BugError, CancelledError, ConfigError, StalledError, TransientError } from '../../src/base/errors.js';
import { exitCodeOf } from '../../src/cli/exit-codes.js';
import { REMEDIES } from '../../src/cli/remedies.js';
import { describeError } from '../../src/cli/report-error.js';

describe('cli/report-error', () => {
  const target = {};

  it('a known failure is told by message, code and remedy, without a stack trace', () => {
    const error = new TransientError('git/unreachable', 'cannot read https://me:hunter22@host/x.git');

    expect(describeError(error, { verbose: false, target })).toBe(
      [
        'error: cannot read https://<redacted>@host/x.git',
        ' code: git/unreachable',
        `   do: ${REMEDIES['git/unreachable']}`,
      ].join('\n'),
    );
  });

  it('an unknown failure says where to get the details', () => {
    expect(describeError(new TypeError('x is not a function'), { verbose: false, target })).toBe(
      'error: x is not a function\nThis was not expected. Run the command with --verbose for the details.',
    );
  });

  it('--verbose adds the stack traces of the error and its causes, without credentials', () => {
    const cause = new Error('password: hunter22');
    const text = describeError(new StalledError('engine/failed', 'no', { cause }), { verbose: true, target });

    expect(text.match(/^\s+at /gm)?.length).toBeGreaterThan(2);
    expect(text).toContain('Error: password: <redacted>');
    expect(text).not.toContain('hunter22');
  });

  it('nothing of a message is an order to a terminal', () => {
    const error = new StalledError('git/refused', 'branch \u001b[2Jmaster');
    expect(describeError(error, { verbose: true, target })).not.toContain('\u001b');
  });

  it('causes that go round in a circle end', () => {
    const error = new Error('a');
    error.cause = error;

    expect(describeError(error, { verbose: true, target })).toContain('error: a');
  });

  it.each([
    [new TransientError('git/unreachable', 'x'), 1],
    [new StalledError('synth/threw', 'x'), 1],
    [new BugError('bug/unreachable', 'x'), 1],
    [new ConfigError('config/invalid', 'x'), 2],
    [new CancelledError('cancelled/shutdown', 'x'), 130],
    [new Error('x'), 1],
    ['x', 1],
  ])('the exit code of %s is %d', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
