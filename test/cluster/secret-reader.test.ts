import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/cluster/kube-object.js';
import { createSecretReader } from '../../src/cluster/secret-reader.js';

function reader(objects: Readonly<Record<string, unknown>>) {
  const paths: string[] = [];
  const get = (path: string): Promise<KubeObject | undefined> => {
    paths.push(path);
    return Promise.resolve(objects[path] as KubeObject | undefined);
  };
  return { paths, reader: createSecretReader({ get }) };
}

describe('cluster/secret-reader', () => {
  it('gives the values of a Secret as text', async () => {
    const path = '/api/v1/namespaces/home/secrets/ghcr-pull';
    const data = { a: Buffer.from('pässword').toString('base64') };
    const { reader: secrets } = reader({ [path]: { kind: 'Secret', data } });
    expect(await secrets.readSecret('home', 'ghcr-pull')).toEqual({ a: 'pässword' });
  });

  it('a Secret without data has no values, and one that is not there is undefined', async () => {
    const { reader: secrets } = reader({ '/api/v1/namespaces/home/secrets/empty': { kind: 'Secret' } });
    expect(await secrets.readSecret('home', 'empty')).toEqual({});
    expect(await secrets.readSecret('home', 'absent')).toBeUndefined();
  });

  it('a name cannot reach another path', async () => {
    const { paths, reader: secrets } = reader({});
    await secrets.readSecret('home', '../../kube-system/secrets/x');
    expect(paths).toEqual(['/api/v1/namespaces/home/secrets/..%2F..%2Fkube-system%2Fsecrets%2Fx']);
  });
});
