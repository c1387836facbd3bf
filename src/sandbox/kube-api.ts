import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { StalledError } from '../base/errors.js';

/** Where an API server is and who asks. */
export interface KubeAccess {
  readonly server: string;
  /** PEM. */
  readonly authority: string;
  readonly token?: string;
  /** A client certificate, as PEM. */
  readonly client?: { readonly key: string; readonly certificate: string };
}

/** An answer. */
export interface KubeAnswer {
  readonly status: number;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

/** How the body of a request is meant. */
export type ContentType =
  | 'application/json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml'
  | 'application/merge-patch+json';

/** One request. */
export interface KubeRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: ContentType;
  readonly signal?: AbortSignal;
}

/** A small client of a Kubernetes API server: requests and watches, nothing else. */
export class KubeApi {
  readonly #access: KubeAccess;
  readonly #agent: Agent;

  constructor(access: KubeAccess) {
    this.#access = access;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 64,
      ca: access.authority,
      ...(access.client === undefined ? {} : { key: access.client.key, cert: access.client.certificate }),
    });
  }

  /** Sends a request and gives the answer, whatever its status. */
  async send(options: KubeRequest): Promise<KubeAnswer> {
    const response = await this.#open(options);
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson = response.headers['content-type']?.includes('json') === true;
    return { status: response.statusCode ?? 0, body: isJson ? (JSON.parse(text) as unknown) : text };
  }

  /**
   * Sends a request that has to succeed and gives the body of the answer.
   * @throws StalledError `sandbox/failed` with the server's reason
   */
  async call(options: KubeRequest): Promise<unknown> {
    const { status, body } = await this.send(options);
    if (status >= 300) {
      throw new StalledError(
        'sandbox/failed',
        `${options.method ?? 'GET'} ${options.path}: ${status} ${reasonOf(body)}`,
      );
    }
    return body;
  }

  /** Gives the lines of a streamed answer, each parsed as JSON, until it ends. */
  async *stream(options: KubeRequest): AsyncGenerator<unknown> {
    const response = await this.#open(options);
    if (response.statusCode !== 200) {
      response.resume();
      throw new StalledError('sandbox/failed', `GET ${options.path}: ${response.statusCode ?? 0}`);
    }
    for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
      yield JSON.parse(line) as unknown;
    }
  }

  /** Ends idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  #open({
    method = 'GET',
    path,
    body,
    contentType = 'application/json',
    signal,
  }: KubeRequest): Promise<IncomingMessage> {
    const { server, token } = this.#access;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, server),
        {
          method,
          agent: this.#agent,
          headers: {
            accept: 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { 'content-type': contentType }),
          },
          ...(signal === undefined ? {} : { signal }),
        },
        resolve,
      );
      outgoing.once('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function reasonOf(body: unknown): string {
  const isStatus = typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string';
  return isStatus ? String(body.message) : '';
}
