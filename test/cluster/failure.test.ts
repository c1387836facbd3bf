import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/base/errors.js';
import { classifyResponse, classifyThrown, findStatus } from '../../src/cluster/failure.js';

const SECRET = 'hunter2-value';
const status = (code: number, body: object = {}, more: object = {}) =>
  classifyResponse({ code, body: { kind: 'Status', code, ...body }, isPrivate: true, ...more }, 'PATCH /x');
const cause = (field: string, reason: string, message: string) => ({
  reason: 'Invalid',
  details: { causes: [{ field, reason, message }] },
});

describe('cluster/failure', () => {
  it.each<[code: number, body: object, expected: object]>([
    [401, {}, { code: 'cluster/denied', disposition: 'stalled' }],
    [403, {}, { code: 'cluster/denied', disposition: 'stalled' }],
    [404, {}, { code: 'cluster/kind-unknown', disposition: 'stalled' }],
    [404, { details: { kind: 'namespaces', name: 'gone' } }, { code: 'cluster/rejected', disposition: 'stalled' }],
    [409, {}, { code: 'cluster/conflict', disposition: 'retry' }],
    [410, {}, { code: 'cluster/unreachable', disposition: 'retry' }],
    [422, {}, { code: 'cluster/rejected', disposition: 'stalled' }],
    [400, {}, { code: 'cluster/rejected', disposition: 'stalled' }],
    [429, {}, { code: 'cluster/unreachable', disposition: 'retry' }],
    [500, {}, { code: 'cluster/unreachable', disposition: 'retry' }],
    [503, {}, { code: 'cluster/unreachable', disposition: 'retry' }],
  ])('an answer of %d %j is %j', (code, body, expected) => {
    expect(status(code, body)).toMatchObject(expected);
    expect(findStatus(status(code, body))?.code).toBe(code);
  });

  it.each<[retryAfter: string | undefined, body: object, ms: number | undefined]>([
    ['7', {}, 7000],
    [undefined, { details: { retryAfterSeconds: 2 } }, 2000],
    ['soon', {}, undefined],
    [undefined, {}, undefined],
  ])('Retry-After %j with %j waits %j ms', (retryAfter, body, ms) => {
    expect(status(429, body, { retryAfter }).retryAfterMs).toBe(ms);
  });

  it('a conflict names the other managers and their fields', () => {
    const body = cause('.spec.replicas', 'FieldManagerConflict', 'conflict with "kubectl-edit" using apps/v1');
    expect(status(409, body)).toMatchObject({
      disposition: 'stalled',
      message: 'PATCH /x: other field managers own .spec.replicas (kubectl-edit); force it or leave the field out',
    });
  });

  it.each<[reason: string, message: string, expected: string]>([
    ['FieldValueInvalid', `Invalid value: "${SECRET}": field is immutable`, 'data[K]: field is immutable'],
    ['FieldValueInvalid', `Invalid value: {"a":"${SECRET}"}: field is immutable`, 'data[K]: field is immutable'],
    ['FieldValueDuplicate', `Duplicate value: "${SECRET}"`, 'data[K]: FieldValueDuplicate'],
    ['FieldValueInvalid', `Invalid value: "a: ${SECRET}"`, 'data[K]: FieldValueInvalid'],
    ['FieldValueInvalid', `Invalid value: 12345`, 'data[K]: FieldValueInvalid'],
  ])('%s "%s" is told without the value', (reason, message, expected) => {
    const error = status(422, cause('data[K]', reason, message));
    expect(error.message).toBe(`PATCH /x: Invalid: ${expected}`);
    expect(JSON.stringify(error.cause) + String((error.cause as Error).stack)).not.toContain(SECRET);
  });

  it('the text of the server is told for requests without a body only', () => {
    const body = { message: `admission denied: ${SECRET}` };
    expect(status(403, body).message).not.toContain(SECRET);
    expect(classifyResponse({ code: 403, body, isPrivate: false }, 'GET /x').message).toContain('admission denied');
  });

  it.each<[what: string, thrown: unknown, code: string]>([
    [
      'a refused connection',
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      'cluster/unreachable',
    ],
    ['a timeout', Object.assign(new Error('timeout'), { code: 'UND_ERR_HEADERS_TIMEOUT' }), 'cluster/unreachable'],
    ['something that is no error', 'gone', 'cluster/unreachable'],
    ['an abort', Object.assign(new Error('aborted'), { name: 'AbortError' }), 'cancelled/superseded'],
    ['our own error', new CancelledError('cancelled/shutdown', 'stop'), 'cancelled/shutdown'],
  ])('%s is classified', (_what, thrown, code) => {
    expect(classifyThrown(thrown, 'GET /x').code).toBe(code);
  });

  it('a certificate that is not trusted tells where to look', () => {
    const thrown = Object.assign(new Error('unable to verify'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    expect(classifyThrown(thrown, 'GET /x').message).toContain('check the CA of the kubeconfig');
  });
});
