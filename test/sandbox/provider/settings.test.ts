import { describe, expect, it } from 'vitest';
import { secretOf } from '../../../src/sandbox/provider/property-value.js';
import { clusterChange, failuresOf, settingsOf } from '../../../src/sandbox/provider/settings.js';

const kubeconfig = (server: string, ca: string): string =>
  JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c' } }],
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': ca } }],
  });

describe('sandbox/provider/settings', () => {
  it('flags come as texts, as booleans or from the environment', () => {
    const inputs = { enableConfigMapMutable: 'true', upsertExistingObjects: true, enablePatchForce: 'false' };

    expect(
      settingsOf(inputs, { PULUMI_K8S_ENABLE_SECRET_MUTABLE: '1', PULUMI_K8S_ENABLE_PATCH_FORCE: 'true' }),
    ).toEqual({
      mutable: { configMaps: true, secrets: true },
      upsert: true,
      force: false,
    });
  });

  it('texts are taken as they are, secret or not; a kubeconfig may be an object', () => {
    expect(
      settingsOf({ namespace: 'n', context: 'c', cluster: 'k', kubeconfig: secretOf({ a: 1 }) }, {}),
    ).toMatchObject({
      namespace: 'n',
      context: 'c',
      cluster: 'k',
      kubeconfig: '{"a":1}',
    });
  });

  it.each<[Record<string, string | boolean>, string[]]>([
    [{ enableServerSideApply: 'false' }, ['enableServerSideApply']],
    [{ enableServerSideApply: true }, []],
    [{ deleteUnreachable: true, skipUpdateUnreachable: 'true' }, ['deleteUnreachable', 'skipUpdateUnreachable']],
    [{ renderYamlToDirectory: '/tmp' }, ['renderYamlToDirectory']],
  ])('%j is refused for %j', (inputs, expected) => {
    expect(failuresOf(inputs).map(({ property }) => property)).toEqual(expected);
  });

  it.each<[string, string, string, string[]]>([
    [
      'the same cluster at another port is the same',
      kubeconfig('https://a:1', 'x'),
      kubeconfig('https://a:2', 'x'),
      [],
    ],
    [
      'another server with another authority is another cluster',
      kubeconfig('https://a:1', 'x'),
      kubeconfig('https://b:1', 'y'),
      ['kubeconfig'],
    ],
    ['a path says nothing about the cluster', '/a/config', '/b/config', []],
  ])('%s', (_rule, before, after, expected) => {
    expect(clusterChange({ kubeconfig: before }, { kubeconfig: after })).toEqual(expected);
  });

  it('an identifier decides alone', () => {
    const [before, after] = [kubeconfig('https://a:1', 'x'), kubeconfig('https://b:1', 'y')];

    expect(
      clusterChange({ clusterIdentifier: 'i', kubeconfig: before }, { clusterIdentifier: 'i', kubeconfig: after }),
    ).toEqual([]);
    expect(clusterChange({ clusterIdentifier: 'i' }, { clusterIdentifier: 'j' })).toEqual(['clusterIdentifier']);
  });
});
