import { describe, expect, it } from 'vitest';
import { CONFIG_HASH_ANNOTATION, markConfigHashes, withConfigHashes } from '../../src/app/config-hash.js';
import { podTemplateOf } from '../../src/app/config-references.js';
import type { Manifest } from '../../src/app/manifest.js';
import { secretKeysIn, secretMarker } from '../../src/app/secret-marker.js';

const KEY = 'k'.repeat(32);
const VALUES = { 'a.password': 'hunter2', restartKey: KEY };

function configMap(data: Record<string, string>, metadata = {}): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', ...metadata }, data };
}

function secret(password: string): Manifest {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { password } };
}

/** A Deployment that reads ConfigMap `c`, or Secret `s`. */
function workload(envFrom: object, annotations?: Record<string, string>): Manifest {
  const template = {
    metadata: { labels: { app: 'd' }, ...(annotations && { annotations }) },
    spec: { containers: [{ name: 'd', envFrom: [envFrom] }] },
  };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { replicas: 1, template } };
}

const READS_CONFIG = workload({ configMapRef: { name: 'c' } });
const READS_SECRET = workload({ secretRef: { name: 's' } });

function annotationOf(objects: readonly Manifest[]): string | undefined {
  const templates = objects.flatMap((object) => podTemplateOf(object) ?? []);
  return templates[0]?.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
}

/** The annotation that is deployed. */
function hashOf(objects: readonly Manifest[], values: Record<string, string> = VALUES): string | undefined {
  return annotationOf(withConfigHashes(markConfigHashes(objects, 'home'), values));
}

describe('app/config-hash', () => {
  it('the hash changes with the ConfigMap that pods read, and with nothing else', () => {
    const before = hashOf([configMap({ a: '1' }), READS_CONFIG]);
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(hashOf([READS_CONFIG, secret('x'), configMap({ a: '1' }, { labels: { b: 'c' } })])).toBe(before);
    expect(hashOf([configMap({ a: '2' }), READS_CONFIG])).not.toBe(before);
    expect(hashOf([configMap({ a: '1', b: '' }), READS_CONFIG])).not.toBe(before);
  });

  it('the hash changes with the value of a secret, and cannot be computed without the key', () => {
    const objects = [secret(secretMarker('a.password')), READS_SECRET];
    const before = hashOf(objects);
    expect(hashOf(objects, { ...VALUES, 'a.other': 'x' })).toBe(before);
    expect(hashOf(objects, { ...VALUES, 'a.password': 'rotated' })).not.toBe(before);
    expect(hashOf(objects, { ...VALUES, restartKey: 'z'.repeat(32) })).not.toBe(before);
  });

  it('a secret value in a ConfigMap needs the key, too', () => {
    const objects = markConfigHashes([configMap({ a: `x=${secretMarker('a.password')}` }), READS_CONFIG], 'home');
    expect(secretKeysIn(objects)).toEqual(['a.password', 'restartKey']);
  });

  it('without secret values no key is needed', () => {
    const marked = markConfigHashes([configMap({ a: '1' }), READS_CONFIG], 'home');
    expect(secretKeysIn(marked)).toEqual([]);
    expect(annotationOf(withConfigHashes(marked, {}))).toMatch(/^[0-9a-f]{16}$/);
  });

  it('a stand-in holds neither a value nor a hash of one', () => {
    const marked = markConfigHashes([secret(secretMarker('a.password')), READS_SECRET], 'home');
    expect(annotationOf(marked)).toBe('⟦config-hash:restartKey⟧');
  });

  it('other annotations and everything else of the template stay', () => {
    const [object] = markConfigHashes(
      [workload({ configMapRef: { name: 'c' } }, { note: 'x' }), configMap({})],
      'home',
    );
    expect(object?.spec).toEqual({
      replicas: 1,
      template: {
        metadata: { labels: { app: 'd' }, annotations: { note: 'x', [CONFIG_HASH_ANNOTATION]: '⟦config-hash⟧' } },
        spec: { containers: [{ name: 'd', envFrom: [{ configMapRef: { name: 'c' } }] }] },
      },
    });
  });

  it.each([
    ['pods that read what the application does not have', [READS_CONFIG]],
    ['pods that read the same name in another namespace', [READS_CONFIG, configMap({}, { namespace: 'other' })]],
    ['pods that read a Secret of the name of a ConfigMap', [workload({ secretRef: { name: 'c' } }), configMap({})]],
  ])('%s get no annotation', (_what, objects) => {
    expect(markConfigHashes(objects, 'home')).toEqual(objects);
  });

  it('an object may name the namespace that others are in without a word', () => {
    expect(annotationOf(markConfigHashes([READS_CONFIG, configMap({}, { namespace: 'home' })], 'home'))).toBeDefined();
  });

  it('objects of an application that asks for no restarts are deployed as they are', () => {
    const objects = [READS_CONFIG, configMap({})];
    expect(withConfigHashes(objects, VALUES)).toEqual(objects);
  });

  it.each([
    ['no key', { 'a.password': 'hunter2' }, 'config/missing'],
    ['a key that could be guessed', { ...VALUES, restartKey: 'short' }, 'config/invalid'],
  ])('%s is refused with the command that sets one', (_what, values, code) => {
    const marked = markConfigHashes([secret(secretMarker('a.password')), READS_SECRET], 'home');
    const run = () => withConfigHashes(marked, values);
    expect(run).toThrow(expect.objectContaining({ code }) as Error);
    expect(run).toThrow('openssl rand -hex 32 | pulumi config set --secret prodesk:restartKey');
  });
});
