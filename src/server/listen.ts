import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server, ServerOptions } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { StalledError } from '../base/errors.js';

/** A server that answers. */
export interface Listening {
  close(): Promise<void>;
}

/**
 * Serves on a Unix socket that only the daemon's user may open. The socket is also what keeps a second daemon off the same state.
 * @throws StalledError `daemon/already-running` when someone answers there
 */
export async function listenOnSocket(routes: Hono, path: string): Promise<Listening> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  if (await answers(path)) {
    throw new StalledError('daemon/already-running', `a daemon already serves ${path}`);
  }
  await rm(path, { force: true });
  const server = createServerOf(routes);
  await listening(server, () => server.listen(path));
  await chmod(path, 0o600);
  return closing(server);
}

/** Serves on a TCP address such as `127.0.0.1:8420`. */
export async function listenOnAddress(routes: Hono, address: string): Promise<Listening> {
  const colon = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, colon), Number(address.slice(colon + 1))];
  const server = createServerOf(routes, TCP_LIMITS);
  server.maxConnections = TCP_CONNECTIONS;
  await listening(server, () => server.listen(port, host.replace(/^\[|\]$/g, '')));
  return closing(server);
}

/** What strangers may hold of the daemon: so many connections, each for so long. */
const TCP_LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 };
const TCP_CONNECTIONS = 128;

function createServerOf(routes: Hono, limits: ServerOptions = {}): Server {
  const listener = getRequestListener(routes.fetch);
  return createServer(limits, (request, response) => void listener(request, response));
}

function listening(server: Server, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
    start();
  });
}

function closing(server: Server): Listening {
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
