import { execFile } from 'node:child_process';
import { z } from 'zod';
import { StalledError } from '../base/errors.js';
import type { ExecPlugin } from './access.js';

const TIMEOUT_MS = 60_000;
const OUTPUT_BYTES = 1024 * 1024;

const schema = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

/** What a credential plugin gave. */
export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Milliseconds since the epoch; absent when it does not expire. */
  readonly expiresAt?: number;
}

/**
 * Runs a kubeconfig's credential plugin, without a terminal.
 * @param env the environment that the plugin inherits
 * @throws StalledError `cluster/denied` when the plugin fails or prints something else
 */
export async function runExecPlugin(
  plugin: ExecPlugin,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ExecCredential> {
  const info = JSON.stringify({ apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec: { interactive: false } });
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      plugin.command,
      [...plugin.args],
      {
        env: { ...env, ...plugin.env, KUBERNETES_EXEC_INFO: info },
        timeout: TIMEOUT_MS,
        maxBuffer: OUTPUT_BYTES,
      },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
        } else {
          reject(failureOf(plugin, error.code ?? error.signal ?? 'unknown', stderr));
        }
      },
    );
    child.stdin?.end();
  });
  return parseExecCredential(output, plugin.command);
}

/**
 * Reads the `ExecCredential` that a plugin printed.
 * @throws StalledError `cluster/denied` when it is none
 */
export function parseExecCredential(output: string, command: string): ExecCredential {
  const parsed = schema.safeParse(parseJson(output));
  if (!parsed.success) {
    throw new StalledError('cluster/denied', `credential plugin ${command} printed no ExecCredential with a status`);
  }
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = parsed.data.status;
  const expiresAt = expirationTimestamp === undefined ? Number.NaN : Date.parse(expirationTimestamp);
  return {
    ...(token === undefined ? {} : { token }),
    ...(clientCertificateData === undefined ? {} : { certificate: clientCertificateData }),
    ...(clientKeyData === undefined ? {} : { key: clientKeyData }),
    ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureOf(plugin: ExecPlugin, how: string | number, stderr: string): StalledError {
  const said = stderr.trim().slice(0, 300);
  return new StalledError(
    'cluster/denied',
    `credential plugin ${plugin.command} failed (${how})${said === '' ? '' : `: ${said}`}; run it by hand to see why`,
  );
}
