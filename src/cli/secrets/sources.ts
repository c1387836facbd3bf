import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { AppWithFiles } from '../../app/secret-files.js';
import { sopsPathOf, type SopsReference } from '../../app/sops-reference.js';
import { ConfigError, messageOf, StalledError } from '../../base/errors.js';
import { createKubeClient } from '../../cluster/client.js';
import { findClusterAccess } from '../../cluster/find-access.js';
import { createPulumiCommand } from '../../engine/pulumi-command.js';
import { parseSopsFile } from '../../sops/document.js';
import { decryptSopsFile, hasValue } from '../../sops/secret-files.js';
import { plainOf } from '../../sops/tree.js';
import { readStackSettings, type WorkingTree } from '../working-tree.js';
import { entriesOfSecret, entriesOfTree, isSecretManifest, type SecretEntry } from './import-plan.js';
import { PREFIX } from './names.js';

/** The secrets of one stack, by key without `prodesk:`. Values go to `pulumi` by standard input, and are never read back. */
export interface StackSecrets {
  keys(): Promise<readonly string[]>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The secrets of a stack, through the `pulumi` command. */
export function openStack({ directory, stack }: WorkingTree, env: NodeJS.ProcessEnv): StackSecrets {
  const program = env['PRODESK_PULUMI_PROGRAM'] ?? 'pulumi';
  const pulumi = createPulumiCommand({ program, directory, environment: env });
  return {
    async keys() {
      return (await readStackSettings({ directory, stack })).secretKeys;
    },
    async set(key, value) {
      // The command takes one line break off.
      await pulumi(['config', 'set', '--secret', '--stack', stack, `${PREFIX}${key}`], `${value}\n`);
    },
    async remove(key) {
      await pulumi(['config', 'rm', '--stack', stack, `${PREFIX}${key}`]);
    },
  };
}

/**
 * The values of a SOPS file: of a Kubernetes Secret in it, or of every key.
 * @throws ConfigError when the file cannot be read; StalledError as decryption gives it
 */
export async function readSopsEntries(path: string, env: NodeJS.ProcessEnv): Promise<SecretEntry[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigError('config/invalid', `the file cannot be read: ${messageOf(error)}`);
  });
  const { format, values } = await decryptSopsFile(text, path, env);
  const tree = plainOf(format === 'binary' ? (values.get('data') ?? null) : values);
  if (isSecretManifest(tree)) {
    return entriesOfSecret(tree);
  }
  return entriesOfTree(tree, format === 'binary' ? [basename(path).replace(/\.sops(?=\.|$)/, '')] : []);
}

/**
 * Whether an application's encrypted file has the value of a reference; its name is all that is looked at.
 * @throws StalledError `sops/damaged`
 */
export function isInEncryptedFile({ encryptedFiles = {} }: AppWithFiles, reference: SopsReference): boolean {
  const path = sopsPathOf(reference);
  return hasValue(parseSopsFile(encryptedFiles[path] ?? '', path), reference);
}

const secretSchema = z.object({ data: z.record(z.string(), z.string()).nullish() });

/**
 * The values of a live Secret.
 * @throws ConfigError for a reference that is none; StalledError `config/missing` when there is no such Secret
 */
export async function readClusterEntries(reference: string, env: NodeJS.ProcessEnv): Promise<SecretEntry[]> {
  const [namespace, name, ...rest] = reference.split('/');
  if (!namespace || !name || rest.length > 0) {
    throw new ConfigError('config/invalid', `not a Secret such as home/redis-secret: "${reference}"`);
  }
  const client = createKubeClient({ access: findClusterAccess({ env }), env });
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
    const found = await client.read(path);
    if (found === undefined) {
      throw new StalledError(
        'config/missing',
        `there is no Secret ${name} in namespace ${namespace}; check the name and the context`,
      );
    }
    const { data } = secretSchema.parse(found);
    return entriesOfSecret({ data });
  } finally {
    await client.close();
  }
}
