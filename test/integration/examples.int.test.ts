import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { systemClock } from '../../src/base/clock.js';
import type { AppDefinition, Manifest } from '../../src/app/index.js';
import type { KubeClient } from '../../src/cluster/client.js';
import { createDiscovery, type Discovery, objectPath } from '../../src/cluster/discovery.js';
import { synthApp } from '../../src/testing/index.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { SETTINGS } from '../apps/synthesize-app.js';
import { TestControlPlane } from '../cluster/control-plane.js';

const TEST = join(import.meta.dirname, '..');
/** Kinds of programs that the cluster does not have. */
const FOREIGN = new Set(['Certificate']);

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { kind: string };
    readonly versions: readonly { name: string }[];
  };
}

const EXAMPLES = readdirSync(join(TEST, 'examples/apps'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [`examples/apps/${entry.name}/app.ts`] : [],
);
const RECIPES = readdirSync(join(TEST, 'docs/recipes')).flatMap((name) =>
  name.endsWith('.ts') ? [`docs/recipes/${name}`] : [],
);

describe('integration/examples', () => {
  let plane: TestControlPlane;
  let client: KubeClient;
  let discovery: Discovery;

  beforeAll(async () => {
    plane = await TestControlPlane.start();
    client = plane.client();
    discovery = createDiscovery(client, systemClock, 0);
    const text = readFileSync(join(TEST, '../src/sandbox/crds/crds.yaml'), 'utf8');
    for (const document of parseAllDocuments(text)) {
      const definition = document.toJS() as Manifest & Definition;
      await dryRun(definition, false);
      const { group, names, versions } = definition.spec;
      const find = () => discovery.find(`${group}/${versions[0]?.name ?? ''}`, names.kind);
      await waitUntil(async () => (await find().catch(() => undefined)) !== undefined, { what: names.kind });
    }
  });

  afterAll(async () => {
    await client.close();
    await plane.stop();
  });

  /** Applies an object as the daemon would, with every unknown or repeated field an error. */
  async function dryRun(object: Manifest, isDry = true): Promise<void> {
    const type = await discovery.find(object.apiVersion, object.kind);
    if (type === undefined) {
      throw new Error(`the API server does not have ${object.apiVersion} ${object.kind}`);
    }
    const query = `fieldManager=test&fieldValidation=Strict${isDry ? '&dryRun=All' : ''}`;
    await plane.send({
      method: 'PATCH',
      path: `${objectPath(type, object.metadata)}?${query}`,
      body: object,
      contentType: 'application/apply-patch+yaml',
    });
  }

  async function ensureNamespaces(objects: readonly Manifest[]): Promise<void> {
    for (const name of new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))) {
      await dryRun({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, false);
    }
  }

  it.each([...EXAMPLES, ...RECIPES])('%s is accepted by the API server as it is', async (path) => {
    const { app } = (await import(/* @vite-ignore */ join(TEST, path))) as { app: AppDefinition };
    const objects = synthApp('example', app, SETTINGS).objects.filter(({ kind }) => !FOREIGN.has(kind));
    await ensureNamespaces(objects);
    for (const object of objects) {
      await expect(dryRun(object)).resolves.toBeUndefined();
    }
  });
});
