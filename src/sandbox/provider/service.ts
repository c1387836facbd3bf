import grpc from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import plugin from '@pulumi/pulumi/proto/plugin_pb.js';
import rpc from '@pulumi/pulumi/proto/provider_pb.js';
import { messageOf } from '../../base/errors.js';
import { redactValues } from '../../base/redact.js';
import { checkInputs } from './check.js';
import { createResource } from './create.js';
import { deleteResource } from './delete.js';
import { diffResource } from './diff.js';
import type { JsonObject } from './json.js';
import { checkInputOf, diffResponseOf, fromStruct, toStruct, typeOf } from './messages.js';
import { hasSecret } from './property-value.js';
import { readResource } from './read.js';
import { secretTextsOf } from './secrets.js';
import type { Session } from './session.js';
import type { Sessions } from './sessions.js';
import { changedKeys, clusterChange, failuresOf, settingsOf } from './settings.js';
import { updateResource } from './update.js';

/** The version of the official package whose tokens and options this provider accepts. */
export const PACKAGE_VERSION = '4.34.2';

/** A message longer than this does not fit into the trailer that carries it. */
const LONGEST_MESSAGE = 4000;

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

/** The methods of the resource provider protocol, as far as a provider of plain resources needs them. */
export function providerService(sessions: Sessions, env: NodeJS.ProcessEnv): grpc.UntypedServiceImplementation {
  return { ...pluginMethods(sessions, env), ...resourceMethods(sessions) };
}

function pluginMethods(sessions: Sessions, env: NodeJS.ProcessEnv): grpc.UntypedServiceImplementation {
  return {
    handshake: unary(() => {
      const response = new rpc.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    attach: unary(() => new empty.Empty()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(PACKAGE_VERSION)),
    getSchema: unary(() =>
      new rpc.GetSchemaResponse().setSchema(
        JSON.stringify({ name: 'kubernetes', version: PACKAGE_VERSION, resources: {} }),
      ),
    ),
    getMapping: unary(() => new rpc.GetMappingResponse()),
    getMappings: unary(() => new rpc.GetMappingsResponse()),
    checkConfig: unary((request: InstanceType<typeof rpc.CheckRequest>) => {
      const inputs = fromStruct(request.getNews());
      const failures = failuresOf(inputs).map(({ property, reason }) =>
        new rpc.CheckFailure().setProperty(property).setReason(reason),
      );
      return new rpc.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(failures);
    }),
    diffConfig: unary((request: InstanceType<typeof rpc.DiffRequest>) => {
      const old = fromStruct(request.getOldInputs() ?? request.getOlds());
      const replaces = clusterChange(old, fromStruct(request.getNews()));
      const changes = changedKeys(old, fromStruct(request.getNews())).map(
        (path) => ({ path, kind: 'update', replace: replaces.includes(path) }) as const,
      );
      return diffResponseOf({ changes, deleteBeforeReplace: false });
    }),
    configure: unary(async (request: InstanceType<typeof rpc.ConfigureRequest>, peer) => {
      await sessions.configure(peer, settingsOf(configurationOf(request), env));
      return new rpc.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),
    cancel: unary(async (_request: unknown, peer) => {
      await sessions.end(peer);
      return new empty.Empty();
    }),
  };
}

function resourceMethods(sessions: Sessions): grpc.UntypedServiceImplementation {
  /** Runs an operation; secret inputs are taken out of what it throws. */
  const run = async <T>(peer: string, inputs: JsonObject, operation: (session: Session) => Promise<T>): Promise<T> => {
    try {
      return await operation(sessions.of(peer));
    } catch (error) {
      throw withoutSecrets(error, inputs);
    }
  };
  return {
    check: unary(async (request: InstanceType<typeof rpc.CheckRequest>, peer) => {
      const input = checkInputOf(request);
      const { inputs, failures } = await run(peer, input.inputs, (session) => checkInputs(session, input));
      return new rpc.CheckResponse()
        .setInputs(toStruct(inputs))
        .setFailuresList(
          failures.map((failure) => new rpc.CheckFailure().setProperty(failure.property).setReason(failure.reason)),
        );
    }),
    diff: unary(async (request: InstanceType<typeof rpc.DiffRequest>, peer) => {
      const input = {
        ...identityOf(request),
        inputs: fromStruct(request.getNews()),
        oldInputs: fromStruct(request.getOldInputs()),
        oldOutputs: fromStruct(request.getOlds()),
        ignoreChanges: request.getIgnorechangesList(),
      };
      return diffResponseOf(await run(peer, input.inputs, (session) => diffResource(session, input)));
    }),
    create: unary(async (request: InstanceType<typeof rpc.CreateRequest>, peer) => {
      const input = {
        urn: request.getUrn(),
        type: typeOf(request),
        inputs: fromStruct(request.getProperties()),
        preview: request.getPreview(),
        timeoutMs: request.getTimeout() * 1000,
      };
      const { id, outputs } = await run(peer, input.inputs, (session) => createResource(session, input));
      return new rpc.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    read: unary(async (request: InstanceType<typeof rpc.ReadRequest>, peer) => {
      const input = {
        ...identityOf(request),
        inputs: fromStruct(request.getInputs()),
        oldOutputs: fromStruct(request.getProperties()),
      };
      const found = await run(peer, input.inputs, (session) => readResource(session, input));
      return found === undefined
        ? new rpc.ReadResponse()
        : new rpc.ReadResponse()
            .setId(input.id)
            .setInputs(toStruct(found.inputs))
            .setProperties(toStruct(found.outputs));
    }),
    update: unary(async (request: InstanceType<typeof rpc.UpdateRequest>, peer) => {
      const input = {
        ...identityOf(request),
        inputs: fromStruct(request.getNews()),
        oldOutputs: fromStruct(request.getOlds()),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
      };
      const outputs = await run(peer, input.inputs, (session) => updateResource(session, input));
      return new rpc.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: unary(async (request: InstanceType<typeof rpc.DeleteRequest>, peer) => {
      const input = {
        ...identityOf(request),
        oldOutputs: fromStruct(request.getProperties()),
        timeoutMs: request.getTimeout() * 1000,
      };
      await run(peer, input.oldOutputs, (session) => deleteResource(session, input));
      return new empty.Empty();
    }),
  };
}

function identityOf(request: { getId(): string; getUrn(): string; getType(): string }): {
  id: string;
  urn: string;
  type: string;
} {
  return { id: request.getId(), urn: request.getUrn(), type: typeOf(request) };
}

/** The provider's inputs; engines before 3.0 send variables only. */
function configurationOf(request: InstanceType<typeof rpc.ConfigureRequest>): JsonObject {
  const args = fromStruct(request.getArgs());
  const variables = request
    .getVariablesMap()
    .toArray()
    .map(([key, value]) => [key.replace(/^.*:config:/, ''), value] as const);
  return Object.keys(args).length > 0 ? args : Object.fromEntries(variables);
}

function withoutSecrets(error: unknown, inputs: JsonObject): Error {
  const texts = hasSecret(inputs) || inputs['kind'] === 'Secret' ? secretTextsOf(inputs) : [];
  return new Error(redactValues(messageOf(error), texts));
}

function unary<Request, Response>(
  handle: (request: Request, peer: string) => Response | Promise<Response>,
): Unary<Request, Response> {
  return (call, callback) => {
    const answer = async (): Promise<Response> => handle(call.request, call.getPeer());
    answer().then(
      (response) => callback(null, response),
      (error: unknown) => callback({ code: grpc.status.UNKNOWN, message: messageOf(error).slice(0, LONGEST_MESSAGE) }),
    );
  };
}
