import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../src/base/errors.js';
import { type HelperEnd, loginOf } from '../../../src/sources/registry/credential-helper.js';

const exited = (code: number, output: string): HelperEnd => ({ kind: 'exited', code, output });
const read = (end: HelperEnd) => loginOf(end, 'docker-credential-ecr', 'x.example');

describe('sources/registry/credential-helper', () => {
  it('an answer is a login', () => {
    expect(read(exited(0, '{"ServerURL":"x","Username":"AWS","Secret":"s"}\n'))).toEqual({
      username: 'AWS',
      password: 's',
    });
  });

  it('a helper that keeps nothing for the host gives none', () => {
    expect(read(exited(1, 'credentials not found in native keychain\n'))).toBeUndefined();
  });

  it.each<[string, HelperEnd, string, RegExp]>([
    [
      'that is not there',
      { kind: 'missing' },
      'registry/denied',
      /docker-credential-ecr for x.example is not on the PATH/,
    ],
    ['that is stopped', { kind: 'stopped', why: 'did not answer within 10 s' }, 'registry/unavailable', /within 10 s/],
    ['that fails', exited(1, 'sentinel: no session'), 'registry/unavailable', /ended with status 1/],
    ['that says something else', exited(0, 'sentinel'), 'registry/denied', /gave no login/],
    ['that has no secret', exited(0, '{"Username":"sentinel","Secret":""}'), 'registry/denied', /gave no login/],
    [
      'that has an identity token',
      exited(0, '{"Username":"<token>","Secret":"sentinel"}'),
      'registry/denied',
      /identity token/,
    ],
  ])('one %s is an error that does not hold what it said', (_what, end, code, message) => {
    let failure: unknown;
    try {
      read(end);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ code });
    expect(messageOf(failure)).toMatch(message);
    expect(messageOf(failure)).not.toContain('sentinel');
  });
});
