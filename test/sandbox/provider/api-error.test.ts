import { describe, expect, it } from 'vitest';
import { refusalOf, refusedError, unansweredError } from '../../../src/sandbox/provider/api-error.js';

describe('sandbox/provider/api-error', () => {
  it('a conflict names fields and managers', () => {
    const causes = [
      { reason: 'FieldManagerConflict', message: 'conflict with "kubectl-edit" using v1', field: '.data.a' },
    ];
    const refusal = refusalOf(409, { reason: 'Conflict', message: 'Apply failed', details: { causes } }, '', undefined);

    const error = refusedError(refusal, 'ConfigMap (v1) "n/a"');

    expect(error.code).toBe('cluster/conflict');
    expect(error.message).toContain('.data.a is managed by "kubectl-edit"');
  });

  it.each<[number, string, string]>([
    [401, 'cluster/denied', 'stalled'],
    [403, 'cluster/denied', 'stalled'],
    [409, 'cluster/conflict', 'stalled'],
    [422, 'cluster/rejected', 'stalled'],
    [429, 'cluster/unreachable', 'retry'],
    [503, 'cluster/unreachable', 'retry'],
  ])('status %i is %s', (status, code, disposition) => {
    expect(refusedError(refusalOf(status, undefined, 'no', '2'), 'x')).toMatchObject({ code, disposition });
  });

  it('a body that is no Status is shown as text', () => {
    expect(refusalOf(404, undefined, '404 page not found\n', undefined).message).toBe('404 page not found');
  });

  it('a request without an answer names the server and the reason, unless it was cancelled', () => {
    const error = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') });

    expect(unansweredError(error, 'https://a', undefined).message).toMatch(
      /https:\/\/a cannot be reached: connect ECONNREFUSED/,
    );
    expect(unansweredError(error, 'https://a', AbortSignal.abort()).code).toBe('cancelled/shutdown');
  });
});
