import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { KubeApi } from './kube-api.js';
import { waitUntil } from './wait-until.js';

/** Installs the custom resource definitions that a k3s cluster with Prometheus has, and waits until they are served. */
export async function installDefinitions(api: KubeApi): Promise<void> {
  const text = await readFile(fileURLToPath(new URL('./crds/crds.yaml', import.meta.url)), 'utf8');
  const definitions = parseAllDocuments(text).map((document) => document.toJS() as Definition);
  for (const definition of definitions) {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}?fieldManager=sandbox&force=true`;
    await api.call({ method: 'PATCH', path, body: definition, contentType: 'application/apply-patch+yaml' });
  }
  for (const { spec } of definitions) {
    const version = spec.versions[0]?.name ?? '';
    const path = `/apis/${spec.group}/${version}/${spec.names.plural}`;
    await waitUntil(async () => (await api.send({ path })).status === 200, { what: `the kind ${spec.names.kind}` });
  }
}

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string; readonly kind: string };
    readonly versions: readonly { readonly name: string }[];
  };
}
