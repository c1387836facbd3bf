import { describe, expect, it } from 'vitest';
import { strangenessOf } from '../../src/app/ownership.js';

const LABELS = { 'prodesk.dev/app': 'web' };
const APPLIED = [{ manager: 'prodesk', operation: 'Apply' }];

describe('app/ownership', () => {
  it.each([
    ['the object itself', { uid: 'u', labels: LABELS }, undefined],
    ['one that we made anew', { uid: 'v', labels: LABELS, managedFields: APPLIED }, undefined],
    ['one that somebody made anew with our labels', { uid: 'v', labels: LABELS }, 'somebody else created it anew'],
    [
      'one that somebody updated after making it',
      { uid: 'v', labels: LABELS, managedFields: [{ manager: 'prodesk', operation: 'Update' }] },
      'somebody else created it anew',
    ],
    ['one without the label', { uid: 'u', managedFields: APPLIED }, 'its label prodesk.dev/app is gone'],
    [
      'one that has the label of another application',
      { uid: 'u', labels: { 'prodesk.dev/app': 'shop' } },
      'its label prodesk.dev/app is shop now',
    ],
  ])('%s', (_what, metadata, reason) => {
    expect(strangenessOf({ metadata }, { app: 'web', uid: 'u' })).toBe(reason);
  });

  it('what is not known of the deployed object is not held against the live one', () => {
    expect(strangenessOf({ metadata: { uid: 'v', labels: LABELS } }, { app: 'web' })).toBeUndefined();
    expect(strangenessOf({ metadata: { uid: 'u' } }, { uid: 'u' })).toBeUndefined();
    expect(
      strangenessOf(
        { metadata: { uid: 'v', managedFields: [{ manager: 'm', operation: 'Apply' }] } },
        { uid: 'u', manager: 'm' },
      ),
    ).toBeUndefined();
  });
});
