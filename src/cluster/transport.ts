import { Agent, errors, type Dispatcher } from 'undici';
import type { ClusterAccess } from './access.js';
import type { Credential, Credentials } from './credentials.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Idle connections are closed after this time; the API server itself keeps them longer. */
const KEEP_ALIVE_MS = 60_000;

/** One HTTP request to the API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'PUT' | 'DELETE';
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

/** An answer of the API server. The caller must read or destroy its body. */
export interface ApiResponse {
  readonly response: Dispatcher.ResponseData;
  /** Says that the connection went silent: those that were opened with it are not used for new requests, as they are likely dead too. */
  readonly distrust: () => void;
}

/** Sends requests over kept-alive connections, with the credential in force. */
export interface Transport {
  /** Rejects with what undici throws, or with the error of the credentials. */
  send(request: ApiRequest): Promise<ApiResponse>;
  close(): Promise<void>;
}

/** Makes the transport of a cluster. The connections of a renewed client certificate replace those of the old one. */
export function createTransport(access: ClusterAccess, credentials: Credentials): Transport {
  const { origin, pathname } = new URL(access.server);
  const prefix = pathname === '/' ? '' : pathname;
  const retired = new Set<Agent>();
  let agent: Agent | undefined;
  let certificate: string | undefined;

  /** New requests get new connections; requests under way may end. */
  function retire(old: Agent | undefined): void {
    if (old === undefined || old !== agent) {
      return;
    }
    agent = undefined;
    retired.add(old);
    const forget = (): void => void retired.delete(old);
    old.close().then(forget, forget);
  }

  function agentFor(credential: Credential): Agent {
    if (certificate !== credential.certificate) {
      retire(agent);
      certificate = credential.certificate;
    }
    agent ??= createAgent(access, credential);
    return agent;
  }

  async function dispatch(request: ApiRequest): Promise<ApiResponse> {
    const credential = await credentials.current();
    const used = agentFor(credential);
    const sent = used.request({
      origin,
      path: prefix + request.path,
      method: request.method,
      headers: headersOf(request, credential),
      body: request.body ?? null,
      headersTimeout: request.headersTimeoutMs,
      bodyTimeout: request.idleTimeoutMs,
      signal: request.signal ?? null,
    });
    const response = await sent.catch((error: unknown) => {
      if (isSilence(error)) {
        retire(used);
      }
      throw error;
    });
    return { response, distrust: () => retire(used) };
  }

  return {
    async send(request) {
      const answer = await dispatch(request);
      if (answer.response.statusCode !== 401) {
        return answer;
      }
      await answer.response.body.dump();
      credentials.invalidate();
      return dispatch(request);
    },
    async close() {
      const open = agent === undefined ? [...retired] : [agent, ...retired];
      agent = undefined;
      await Promise.all(open.map((one) => one.destroy()));
    },
  };
}

/** Whether nothing came over a connection for too long. */
export function isSilence(error: unknown): boolean {
  return error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError;
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
