import { describe, expect, it } from 'vitest';
import { app, findingsOf, foundIn, revision, running } from './revision.js';

const AT = 'Deployment home/web spec.template.spec.containers[0].resources.limits';

describe('app/checks/limit-below-request', () => {
  it.each([
    ['a lower memory limit', { memory: '1Gi' }, { memory: '1G' }, [`${AT}.memory`]],
    ['a lower CPU limit', { cpu: '1' }, { cpu: '900m' }, [`${AT}.cpu`]],
    ['equal amounts in other units', { cpu: '1', memory: '1Gi' }, { cpu: '1000m', memory: '1024Mi' }, []],
    ['a higher limit', { cpu: '100m' }, { cpu: 1 }, []],
    ['no request', {}, { cpu: '1' }, []],
    ['no limit', { cpu: '1' }, {}, []],
    ['an amount that is none, which is another rule', { cpu: 'much' }, { cpu: '1' }, []],
  ])('%s', (_what, requests, limits, places) => {
    expect(foundIn('limit-below-request', running('web', { resources: { requests, limits } }))).toEqual(places);
  });

  it('is an error that names both', () => {
    const resources = { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } };
    expect(findingsOf('limit-below-request', revision([app('a', [running('web', { resources })])]))[0]).toMatchObject({
      severity: 'error',
      message: 'the memory limit 1Gi is below the request 2Gi; raise the limit or lower the request',
    });
  });
});
