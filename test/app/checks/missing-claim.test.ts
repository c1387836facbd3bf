import { describe, expect, it } from 'vitest';
import { app, found, object, running } from './revision.js';

const WEB = running(
  'web',
  {},
  {
    volumes: [
      { name: 'x', emptyDir: {} },
      { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
    ],
  },
);
const FIELD = 'spec.template.spec.volumes[1].persistentVolumeClaim.claimName';

describe('app/checks/missing-claim', () => {
  it.each([
    ['no claim', app('a', [WEB]), [`error: a: Deployment home/web ${FIELD}`]],
    ['the claim', app('a', [WEB, object('PersistentVolumeClaim', 'data')]), []],
    [
      'a claim that is said to be outside',
      app('a', [WEB], { outside: [{ kind: 'PersistentVolumeClaim', name: 'data' }] }),
      [],
    ],
    [
      'a claim of that name outside of another namespace',
      app('a', [WEB], { outside: [{ kind: 'PersistentVolumeClaim', name: 'data', namespace: 'other' }] }),
      [`error: a: Deployment home/web ${FIELD}`],
    ],
  ])('%s', (_what, one, places) => {
    expect(found('missing-claim', one)).toEqual(places);
  });
});
