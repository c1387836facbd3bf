import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { deployAppOf } from '../app/deployment.js';
import type { DesiredApp, ImageOverrides } from '../app/desired-state.js';
import { deployedObjects } from '../app/deployed-objects.js';
import { objectsOf } from '../app/image-overrides.js';
import { sharedNamespaces } from '../app/shared-namespaces.js';
import { ConfigError, ProdeskError } from '../base/errors.js';
import { createKubeClient } from '../cluster/client.js';
import { findClusterAccess } from '../cluster/find-access.js';
import { createClusterObserver } from '../cluster/observer.js';
import type { ObjectObservation } from '../cluster/port.js';
import { createPulumiCommand, type PulumiCommand } from '../engine/pulumi-command.js';
import { createSecretFiles } from '../sops/secret-files.js';
import { parseStackSettings } from '../synth/stack-settings.js';
import { synthesizeWorkingTree } from './working-tree.js';

/** One application's objects beside the cluster's. */
export interface LocalDifference {
  readonly app: string;
  readonly objects: readonly ObjectObservation[];
  /** Namespaces that a deployment creates for it. */
  readonly namespaces: readonly string[];
}

const configSchema = z.record(z.string(), z.object({ value: z.string().optional() }));
const imagesSchema = z.record(z.string(), z.record(z.string(), z.string()));
const PREFIX = 'prodesk:';

/**
 * Compares the working tree with the cluster, without a daemon: image tags are those of the stack's last update.
 * @throws ConfigError, StalledError, TransientError as synthesis, `pulumi` and the API server give them
 */
export async function compareWorkingTree(directory: string, stack: string): Promise<LocalDifference[]> {
  const file = `Pulumi.${stack}.yaml`;
  const text = await readFile(join(directory, file), 'utf8').catch((cause: unknown) => {
    throw new ConfigError('config/invalid', `${file} cannot be read in ${directory}`, { cause });
  });
  const { apps } = await synthesizeWorkingTree(directory, parseStackSettings(text, file));
  const pulumi = createPulumiCommand({
    program: process.env['PRODESK_PULUMI_PROGRAM'] ?? 'pulumi',
    directory,
    environment: process.env,
  });
  const secrets = await readSecrets(pulumi, stack);
  return observe(Object.values(apps), await readImages(pulumi, stack), secrets);
}

async function observe(
  apps: readonly DesiredApp[],
  images: ImageOverrides,
  secrets: Readonly<Record<string, string>>,
): Promise<LocalDifference[]> {
  const files = createSecretFiles(process.env);
  const access = findClusterAccess({ env: process.env });
  const observer = createClusterObserver({ client: createKubeClient({ access, env: process.env }) });
  await observer.start(() => undefined);
  try {
    const differences: LocalDifference[] = [];
    for (const app of apps) {
      const { name } = app;
      const values = { ...secrets, ...(await files.valuesOf(app)) };
      observer.setDesired(name, deployedObjects(name, objectsOf(app, images), values), app.ignoreDifferences);
      const namespaces = sharedNamespaces([deployAppOf(app, app.objects)]);
      differences.push({ app: name, namespaces, objects: (await observer.refresh(name)).objects });
    }
    return differences;
  } finally {
    await observer.stop();
  }
}

async function readSecrets(pulumi: PulumiCommand, stack: string): Promise<Record<string, string>> {
  const shown = configSchema.parse(JSON.parse(await pulumi(['config', '--show-secrets', '--json', '--stack', stack])));
  return Object.fromEntries(
    Object.entries(shown).flatMap(([key, { value }]) =>
      key.startsWith(PREFIX) && value !== undefined ? [[key.slice(PREFIX.length), value]] : [],
    ),
  );
}

/** The tags of the last update; none for a stack that was never updated. */
async function readImages(pulumi: PulumiCommand, stack: string): Promise<ImageOverrides> {
  try {
    return imagesSchema.parse(JSON.parse(await pulumi(['stack', 'output', 'images', '--json', '--stack', stack])));
  } catch (error) {
    if (error instanceof ProdeskError && error.code === 'engine/failed') {
      return {};
    }
    throw error;
  }
}
