import { describe, expect, it } from 'vitest';
import { classifyNpmFailure } from '../../src/synth/dependencies.js';

describe('synth/dependencies', () => {
  it.each([
    ['npm error code EUSAGE\nnpm error package.json and package-lock.json are not in sync', false, 'stalled'],
    ['npm error code E404\nnpm error 404 Not Found', false, 'stalled'],
    ['npm error code ENOTFOUND\nnpm error network request failed', false, 'retry'],
    ['npm error code E503', false, 'retry'],
    ['', true, 'retry'],
  ])('%j (killed: %s) means %s', (stderr, killed, disposition) => {
    const failure = classifyNpmFailure(Object.assign(new Error('Command failed'), { stderr, killed }));
    expect(failure).toMatchObject({ code: 'synth/install', disposition });
  });

  it('credentials of a registry do not reach the message', () => {
    const failure = classifyNpmFailure({ stderr: 'npm error https://me:hunter2@registry.example.com/x' });
    expect(failure.message).not.toContain('hunter2');
  });
});
