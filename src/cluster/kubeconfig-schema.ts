import { z } from 'zod';

const cluster = z.object({
  server: z.string().min(1),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});

const user = z.object({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  exec: z
    .object({
      apiVersion: z.string().default('client.authentication.k8s.io/v1'),
      command: z.string().min(1),
      args: z.array(z.string()).nullish(),
      env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
    })
    .optional(),
  'auth-provider': z.unknown().optional(),
  username: z.string().optional(),
  as: z.string().optional(),
});

const context = z.object({ cluster: z.string(), user: z.string().optional() });

/** The parts of a kubeconfig file that are used. */
export const kubeconfigSchema = z.object({
  'current-context': z.string().nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster })).nullish(),
  users: z.array(z.object({ name: z.string(), user: user.nullish() })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context })).nullish(),
});

/** A parsed kubeconfig file. */
export type Kubeconfig = z.infer<typeof kubeconfigSchema>;
/** One cluster of a kubeconfig file. */
export type KubeconfigCluster = z.infer<typeof cluster>;
/** One user of a kubeconfig file. */
export type KubeconfigUser = z.infer<typeof user>;
