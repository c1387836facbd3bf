import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import grpc from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import rpc from '@pulumi/pulumi/proto/provider_pb.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/sandbox/provider/json.js';
import { fromStruct, toStruct } from '../../src/sandbox/provider/messages.js';
import { startProvider, type RunningProvider } from '../../src/sandbox/provider/provider.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
type Client = InstanceType<typeof services.ResourceProviderClient>;

let server: Server;
let provider: RunningProvider;
let requests: string[];
/** Answers everything but discovery. */
let answer: Answer;
const clients: Client[] = [];

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (request.url === '/api/v1') {
      json(response, 200, { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] });
    } else {
      answer(request, response);
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  provider = await startProvider({ env: {}, client: { retryDelayMs: 1 }, patience: { kindMs: 0, namespaceMs: 0 } });
});
afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await provider.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function json(response: ServerResponse, status: number, body: JsonObject, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Connects as an engine does: a connection of its own. */
async function connect(settings: JsonObject = {}): Promise<Client> {
  const client = new services.ResourceProviderClient(`127.0.0.1:${provider.port}`, grpc.credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
  clients.push(client);
  const { port } = server.address() as AddressInfo;
  const kubeconfig = JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c' } }],
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
  });
  const request = new rpc.ConfigureRequest().setArgs(toStruct({ kubeconfig, ...settings }));
  await new Promise((resolve, reject) =>
    client.configure(request, (error, response) => (error === null ? resolve(response) : reject(error))),
  );
  return client;
}

function create(client: Client, name: string): Promise<JsonObject> {
  const request = new rpc.CreateRequest()
    .setUrn(`urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::${name}`)
    .setType('kubernetes:core/v1:ConfigMap')
    .setProperties(toStruct({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'n' } }));
  return new Promise((resolve, reject) =>
    client.create(request, (error, response) =>
      error === null ? resolve(fromStruct(response.getProperties())) : reject(error),
    ),
  );
}

const cancel = (client: Client): Promise<unknown> =>
  new Promise((resolve, reject) =>
    client.cancel(new empty.Empty(), (error, response) => (error === null ? resolve(response) : reject(error))),
  );

const created: Answer = (_request, response) =>
  json(response, 201, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'n', uid: 'u' } });

describe('integration/provider-protocol', () => {
  it('an adoption is one request, and kinds are asked for once', async () => {
    answer = created;
    const client = await connect({ upsertExistingObjects: 'true' });

    await Promise.all(['a', 'b', 'c'].map((name) => create(client, name)));

    expect(requests.filter((line) => line.includes('/api/v1/'))).toHaveLength(3);
    expect(requests.filter((line) => line === 'GET /api/v1')).toHaveLength(1);
  });

  it('a creation without adoption looks for an existing object first', async () => {
    answer = (request, response) =>
      request.method === 'GET' ? json(response, 404, { reason: 'NotFound' }) : created(request, response);

    await create(await connect(), 'a');

    expect(requests.filter((line) => line.includes('/api/v1/')).map((line) => line.replace(/\?.*/, ''))).toEqual([
      'GET /api/v1/namespaces/n/configmaps/a',
      'PATCH /api/v1/namespaces/n/configmaps/a',
    ]);
  });

  it('a busy API server is asked again', async () => {
    let failures = 2;
    answer = (request, response) =>
      failures-- > 0 ? json(response, 503, { message: 'busy' }, { 'retry-after': '0' }) : created(request, response);

    const outputs = await create(await connect({ upsertExistingObjects: true }), 'a');

    expect(outputs).toMatchObject({
      metadata: { uid: 'u' },
      __fieldManager: expect.stringMatching(/^pulumi-kubernetes-/) as unknown,
    });
  });

  it('Cancel ends what its engine started and nothing of another engine', async () => {
    const held: ServerResponse[] = [];
    const arrived = new Promise<void>((resolve) => {
      answer = (_request, response) => void (held.push(response) === 2 && resolve());
    });
    const [one, other] = await Promise.all([
      connect({ upsertExistingObjects: true }),
      connect({ upsertExistingObjects: true }),
    ]);
    const ended = create(one, 'a').then(() => '', String);
    const kept = create(other, 'b');
    await arrived;

    await cancel(one);

    expect(await ended).toContain('the operation was cancelled');
    held
      .filter((response) => !response.destroyed)
      .forEach((response) => json(response, 200, { metadata: { name: 'b' } }));
    expect(await kept).toMatchObject({ metadata: { name: 'b' } });
    await expect(create(one, 'c')).rejects.toThrow('the operation was cancelled');
  });

  it('a type of the official plugin that is not served here says so', async () => {
    const client = await connect();
    const request = new rpc.CheckRequest()
      .setUrn('urn:pulumi:s::p::kubernetes:helm.sh/v3:Release::r')
      .setNews(toStruct({}));

    const failure = await new Promise((resolve) => client.check(request, (error) => resolve(error?.message)));

    expect(failure).toMatch(/kubernetes:helm\.sh\/v3:Release needs the official Kubernetes plugin/);
  });
});
