import grpc from '@grpc/grpc-js';
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import { StalledError } from '../../base/errors.js';
import type { ApiClientOptions } from './api-client.js';
import type { Patience } from './cluster.js';
import { providerService } from './service.js';
import { Sessions } from './sessions.js';

/** Options of {@link startProvider}. */
export interface ProviderOptions {
  /** The TCP port on 127.0.0.1. @default - a free one */
  readonly port?: number;
  /** Where defaults of the provider's settings come from. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** How long to wait for kinds and namespaces of the same update. @default 10 s for a kind, 5 s for a namespace */
  readonly patience?: Patience;
  readonly client?: ApiClientOptions;
}

/** A provider that serves engines. */
export interface RunningProvider {
  /** For `PULUMI_DEBUG_PROVIDERS=kubernetes:<port>`. */
  readonly port: number;
  /** Stops all work and the server. */
  stop(): Promise<void>;
}

const LARGEST_MESSAGE = 400 * 1024 * 1024;
const PATIENCE: Patience = { kindMs: 10_000, namespaceMs: 5_000 };

/**
 * Serves the package `kubernetes` to Pulumi engines on 127.0.0.1.
 * @throws StalledError `sandbox/failed` when the port cannot be had
 */
export async function startProvider(options: ProviderOptions = {}): Promise<RunningProvider> {
  const env = options.env ?? process.env;
  const sessions = new Sessions({ env, patience: options.patience ?? PATIENCE, client: options.client ?? {} });
  const server = new grpc.Server({
    'grpc.max_receive_message_length': LARGEST_MESSAGE,
    'grpc.max_send_message_length': LARGEST_MESSAGE,
  });
  server.addService(services.ResourceProviderService, providerService(sessions, env));
  const port = await bind(server, options.port ?? 0);
  return {
    port,
    async stop() {
      server.forceShutdown();
      await sessions.close();
    },
  };
}

function bind(server: grpc.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(
          new StalledError(
            'sandbox/failed',
            `the Kubernetes provider cannot listen on port ${port}: ${error.message}`,
            { cause: error },
          ),
        );
      }
    });
  });
}
