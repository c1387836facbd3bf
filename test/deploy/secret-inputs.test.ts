import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/app/manifest.js';
import { resolveSecrets } from '../../src/app/resolve-secrets.js';
import { secretMarker } from '../../src/app/secret-marker.js';
import { resourceInputsOf } from '../../src/deploy/secret-inputs.js';

const VALUES: Readonly<Record<string, string>> = { 'app.password': 'hunter2', 'app.user': 'ann' };
const lookup = (key: string) => pulumi.secret(VALUES[key] ?? '');

function settle(value: unknown): Promise<unknown> {
  const whole: pulumi.Output<unknown> = pulumi.output(value);
  return new Promise((resolve) => {
    whole.apply(resolve);
  });
}

const CASES: readonly (readonly [string, Manifest, readonly string[]])[] = [
  [
    'a ConfigMap without markers stays plain',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'b', n: '1' } },
    [],
  ],
  [
    'a marker amid a text makes one secret leaf',
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { conf: `user ${secretMarker('app.user')}\npass ${secretMarker('app.password')}\n`, plain: 'x' },
    },
    ['data'],
  ],
  [
    'stringData of a Secret moves into data as base64',
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      type: 'Opaque',
      data: { old: 'b2xk' },
      stringData: { password: secretMarker('app.password'), literal: 'x' },
    },
    ['data'],
  ],
  [
    'a marker in a list of a workload is found',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a' },
      spec: { template: { spec: { containers: [{ name: 'c', args: ['--user', secretMarker('app.user')] }] } } },
    },
    ['spec'],
  ],
];

describe('deploy/secret-inputs', () => {
  it.each(CASES)('%s', async (_rule, manifest, secretProperties) => {
    const result = resourceInputsOf(manifest, lookup);
    expect(result.secretProperties).toEqual(secretProperties);
    expect(await settle(result.inputs)).toEqual(resolveSecrets(manifest, VALUES));
  });

  it.each(CASES)('%s, and nothing beside the leaf is secret', async (_rule, manifest, secretProperties) => {
    const { inputs } = resourceInputsOf(manifest, lookup);
    const open = Object.entries(inputs).filter(([key]) => !secretProperties.includes(key));
    expect(open.map(([, value]) => JSON.stringify(value)).join()).not.toContain('hunter2');
    expect(await pulumi.isSecret(pulumi.output(inputs['metadata']))).toBe(false);
    for (const property of secretProperties) {
      expect(await pulumi.isSecret(pulumi.output(inputs[property]))).toBe(true);
    }
  });
});
