import { Agent, type Dispatcher } from 'undici';
import type { ClusterAccess } from './access.js';
import type { Credential, Credentials } from './credentials.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Idle connections are closed after this time; the API server itself keeps them longer. */
const KEEP_ALIVE_MS = 60_000;

/** One HTTP request to the API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: Buffer;
  readonly contentType?: string;
  /** The answer must begin within this time, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** The longest silence in the answer's body, in milliseconds. */
  readonly idleTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests over kept-alive connections, with the credential in force. */
export interface Transport {
  /** Rejects with what undici throws, or with the error of the credentials. The caller must read or destroy the body. */
  send(request: ApiRequest): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

/** Makes the transport of a cluster. The connections of a renewed client certificate replace those of the old one. */
export function createTransport(access: ClusterAccess, credentials: Credentials): Transport {
  const { origin, pathname } = new URL(access.server);
  const prefix = pathname === '/' ? '' : pathname;
  let agent: Agent | undefined;
  let certificate: string | undefined;

  function agentFor(credential: Credential): Agent {
    if (agent === undefined || certificate !== credential.certificate) {
      void agent?.close();
      certificate = credential.certificate;
      agent = createAgent(access, credential);
    }
    return agent;
  }

  async function dispatch(request: ApiRequest): Promise<Dispatcher.ResponseData> {
    const credential = await credentials.current();
    return agentFor(credential).request({
      origin,
      path: prefix + request.path,
      method: request.method,
      headers: headersOf(request, credential),
      body: request.body ?? null,
      headersTimeout: request.headersTimeoutMs,
      bodyTimeout: request.idleTimeoutMs,
      signal: request.signal ?? null,
    });
  }

  return {
    async send(request) {
      const response = await dispatch(request);
      if (response.statusCode !== 401) {
        return response;
      }
      await response.body.dump();
      credentials.invalidate();
      return dispatch(request);
    },
    async close() {
      await agent?.destroy();
      agent = undefined;
    },
  };
}

function createAgent(access: ClusterAccess, { certificate, key }: Credential): Agent {
  return new Agent({
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      rejectUnauthorized: !access.insecure,
      ...(access.ca === undefined ? {} : { ca: access.ca }),
      ...(access.serverName === undefined ? {} : { servername: access.serverName }),
      ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
    },
  });
}

function headersOf(request: ApiRequest, { token }: Credential): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'prodesk',
    ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}
