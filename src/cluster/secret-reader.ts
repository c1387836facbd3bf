import type { KubeClient } from './client.js';
import { isRecord } from './kube-object.js';
import type { SecretReader } from './port.js';

/** Reads Secrets from the API server each time. */
export function createSecretReader(client: Pick<KubeClient, 'get'>): SecretReader {
  return {
    async readSecret(namespace, name, signal) {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
      const secret = await client.get(path, signal);
      const data = secret?.['data'];
      return secret === undefined ? undefined : decoded(isRecord(data) ? data : {});
    },
  };
}

function decoded(data: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, Buffer.from(value, 'base64').toString('utf8')]] : [],
    ),
  );
}
