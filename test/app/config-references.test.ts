import { describe, expect, it } from 'vitest';
import { configReferencesOf, podTemplateOf, type PodTemplate } from '../../src/app/config-references.js';
import { manifestOf } from './json-value.js';

function template(spec: object): PodTemplate {
  return podTemplateOf(manifestOf('Deployment', { apiVersion: 'apps/v1', spec: { template: { spec } } })) ?? {};
}

describe('app/config-references', () => {
  describe('podTemplateOf', () => {
    const spec = { template: { spec: {} } };

    it.each(['Deployment', 'StatefulSet', 'DaemonSet'])('a %s has one', (kind) => {
      expect(podTemplateOf(manifestOf(kind, { apiVersion: 'apps/v1', spec }))).toEqual({ spec: {} });
    });

    it.each([
      ['a Job, whose template cannot change', 'batch/v1', 'Job'],
      ['a Deployment of another group', 'example.org/v1', 'Deployment'],
      ['a ReplicaSet, which keeps its pods', 'apps/v1', 'ReplicaSet'],
    ])('%s has none', (_what, apiVersion, kind) => {
      expect(podTemplateOf(manifestOf(kind, { apiVersion, spec }))).toBeUndefined();
    });

    it('a workload without a specification has none', () => {
      expect(podTemplateOf(manifestOf('Deployment', { apiVersion: 'apps/v1' }))).toBeUndefined();
    });
  });

  describe('configReferencesOf', () => {
    const config = { kind: 'ConfigMap', name: 'c' };
    const secret = { kind: 'Secret', name: 's' };
    const key = { key: 'k' };

    it.each([
      ['a variable of a ConfigMap', { env: [{ valueFrom: { configMapKeyRef: { name: 'c', ...key } } }] }, [config]],
      ['a variable of a Secret', { env: [{ valueFrom: { secretKeyRef: { name: 's', ...key } } }] }, [secret]],
      [
        'all variables of both',
        { envFrom: [{ secretRef: { name: 's' } }, { configMapRef: { name: 'c' } }] },
        [config, secret],
      ],
      ['plain variables', { env: [{ name: 'A', value: 'b' }] }, []],
    ])('%s', (_what, container, expected) => {
      expect(configReferencesOf(template({ containers: [container] }))).toEqual(expected);
      expect(configReferencesOf(template({ initContainers: [container] }))).toEqual(expected);
    });

    it.each([
      ['a ConfigMap', { configMap: { name: 'c' } }, [config]],
      ['a Secret', { secret: { secretName: 's' } }, [secret]],
      [
        'both, projected',
        { projected: { sources: [{ secret: { name: 's' } }, { configMap: { name: 'c' } }] } },
        [config, secret],
      ],
      ['a claim', { persistentVolumeClaim: { claimName: 'x' } }, []],
    ])('a volume of %s', (_what, volume, expected) => {
      expect(configReferencesOf(template({ volumes: [volume] }))).toEqual(expected);
    });

    it('what is read twice is named once', () => {
      const container = { envFrom: [{ configMapRef: { name: 'c' } }] };
      expect(configReferencesOf(template({ containers: [container, container] }))).toEqual([config]);
    });

    it('a template without a specification reads nothing', () => {
      expect(configReferencesOf({})).toEqual([]);
    });
  });
});
