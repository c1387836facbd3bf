import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestControlPlane } from '../cluster/control-plane.js';

/** What becomes of a request: an answer in the place of the API server's, a wait before it, or the end of the connection before or within the answer. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: number }
  | { readonly delayMs: number }
  | 'cut'
  | 'cut in the answer';

/** One request, as the API server would get it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly isWatch: boolean;
}

/** A TLS proxy in front of a real API server that makes it misbehave. */
export class FaultyApi {
  readonly requests: SeenRequest[] = [];
  /** Asked for each request. @default - no fault */
  faultOf: (request: SeenRequest) => Fault | undefined = () => undefined;
  readonly #plane: TestControlPlane;
  readonly #server: Server;
  readonly #watches = new Set<ServerResponse>();

  private constructor(plane: TestControlPlane) {
    this.#plane = plane;
    const file = (name: string): Buffer => readFileSync(join(plane.directory, 'certs', name));
    const credentials = { key: file('apiserver.key'), cert: file('apiserver.crt') };
    this.#server = createServer(credentials, (incoming, outgoing) => void this.#handle(incoming, outgoing));
  }

  static async start(plane: TestControlPlane): Promise<FaultyApi> {
    const api = new FaultyApi(plane);
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many watches are open. */
  get watches(): number {
    return this.#watches.size;
  }

  /** Ends all open watches as the API server does when their time is over, or tells them first that their version is gone. */
  endWatches({ gone = false } = {}): void {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'Expired',
      code: 410,
      message: 'too old',
    };
    for (const watch of this.#watches) {
      watch.end(gone ? `${JSON.stringify({ type: 'ERROR', object: status })}\n` : undefined);
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = incoming;
    const seen: SeenRequest = { method, path, isWatch: /[?&]watch=(1|true)/.test(path) };
    this.requests.push(seen);
    const fault = this.faultOf(seen);
    if (fault === 'cut') {
      incoming.socket.destroy();
    } else if (typeof fault === 'object' && 'status' in fault) {
      incoming.resume();
      refuse(outgoing, fault);
    } else {
      await (typeof fault === 'object' ? delay(fault.delayMs) : undefined);
      this.#forward(incoming, outgoing, { ...seen, isCut: fault === 'cut in the answer' });
    }
  }

  #forward(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { method, path, isWatch, isCut }: SeenRequest & { readonly isCut: boolean },
  ): void {
    const options = { method, headers: incoming.headers, rejectUnauthorized: false };
    const forwarded = request(new URL(path, this.#plane.server), options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      if (isCut) {
        answer.once('data', (chunk: Buffer) => {
          outgoing.write(chunk.subarray(0, chunk.length / 2), () => incoming.socket.destroy());
        });
        return;
      }
      if (isWatch) {
        this.#watches.add(outgoing);
      }
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => {
      this.#watches.delete(outgoing);
      forwarded.destroy();
    });
    incoming.pipe(forwarded);
  }
}

function refuse(outgoing: ServerResponse, { status, retryAfter }: { status: number; retryAfter?: number }): void {
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code: status,
    message: 'refused by the test',
  };
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  });
  outgoing.end(JSON.stringify(body));
}
