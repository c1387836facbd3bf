import { describe, expect, it } from 'vitest';
import { app, findingsOf, foundIn, object, revision, service } from './revision.js';

const LABELS = { app: 'web', tier: 'front' };
const WEB = service('web', { ports: [{ name: 'http', port: 80 }, { port: 81 }] }, LABELS);
const monitor = (selector: object, more: object = {}) =>
  object(
    'ServiceMonitor',
    'm',
    { spec: { selector, endpoints: [{ port: 'http' }], ...more } },
    'monitoring.coreos.com/v1',
  );
const NOTHING = ['ServiceMonitor home/m spec.selector'];

describe('app/checks/monitor-selects-nothing', () => {
  it.each<[string, object, object, string[]]>([
    ['labels that the Service has', { matchLabels: { app: 'web' } }, {}, []],
    ['labels that no Service has', { matchLabels: { app: 'db' } }, {}, NOTHING],
    ['one label too many', { matchLabels: { ...LABELS, more: 'x' } }, {}, NOTHING],
    ['the label of its application', { matchLabels: { 'prodesk.dev/app': 'a' } }, {}, []],
    ['every Service', {}, {}, []],
    ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, {}, []],
    ['In, and it is not', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db'] }] }, {}, NOTHING],
    ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, {}, NOTHING],
    ['Exists', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, {}, []],
    ['DoesNotExist', { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, {}, NOTHING],
    ['its own namespace by name', {}, { namespaceSelector: { matchNames: ['home'] } }, []],
    ['another namespace', {}, { namespaceSelector: { matchNames: ['other'] } }, NOTHING],
    ['every namespace', {}, { namespaceSelector: { any: true } }, []],
    [
      'a port that no Service has',
      {},
      { endpoints: [{ port: 'http' }, { port: 'metrics' }] },
      ['ServiceMonitor home/m spec.endpoints[1].port'],
    ],
    ['a port of the pods', {}, { endpoints: [{ targetPort: 8080 }] }, []],
  ])('%s', (_what, selector, more, places) => {
    expect(foundIn('monitor-selects-nothing', WEB, monitor(selector, more))).toEqual(places);
  });

  it('the labels of the Service count, not those that it selects', () => {
    const unlabelled = service('web', { selector: LABELS, ports: [{ name: 'http', port: 80 }] });
    expect(foundIn('monitor-selects-nothing', unlabelled, monitor({ matchLabels: { app: 'web' } }))).toEqual(NOTHING);
  });

  it('names the ports that there are', () => {
    const state = revision([app('a', [WEB, monitor({}, { endpoints: [{ port: 'metrics' }] })])]);
    expect(findingsOf('monitor-selects-nothing', state)[0]).toMatchObject({
      severity: 'warning',
      message: 'no selected Service has a port named "metrics"; there are: http',
    });
  });
});
