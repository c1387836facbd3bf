import { describe, expect, it } from 'vitest';
import { countTests, withExitCode } from './count-tests.mjs';

const file = (status: string, ...tests: string[]): { status: string; assertionResults: { status: string }[] } => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
});

describe('gate/count-tests', () => {
  it.each([
    ['no files', [], { passed: 0, failed: 0, skipped: 0 }],
    [
      'tests of several files',
      [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')],
      { passed: 3, failed: 1, skipped: 0 },
    ],
    ['a file that cannot be loaded', [file('failed'), file('passed', 'passed')], { passed: 1, failed: 1, skipped: 0 }],
    ['a file whose clean-up failed', [file('failed', 'passed')], { passed: 1, failed: 1, skipped: 0 }],
    [
      'tests that did not run',
      [file('passed', 'skipped', 'pending', 'todo', 'passed')],
      { passed: 1, failed: 0, skipped: 3 },
    ],
  ])('%s are counted', (_what, testResults, expected) => {
    expect(countTests({ testResults })).toEqual(expected);
  });

  it.each([
    ['a good run stays good', { passed: 2, failed: 0, skipped: 0 }, 0, 0],
    ['failed tests are counted once', { passed: 2, failed: 3, skipped: 0 }, 1, 3],
    ['a run that fails without a failed test has one', { passed: 2, failed: 0, skipped: 0 }, 1, 1],
    ['a run that is killed has one', { passed: 2, failed: 0, skipped: 0 }, 'SIGKILL', 1],
    ['a run without tests has one', { passed: 0, failed: 0, skipped: 4 }, 0, 1],
  ])('%s', (_rule, counts, exitCode, failed) => {
    expect(withExitCode(counts, exitCode).failed).toBe(failed);
  });
});
