import struct from 'google-protobuf/google/protobuf/struct_pb.js';
import rpc from '@pulumi/pulumi/proto/provider_pb.js';
import type { CheckInput } from './check.js';
import type { DiffOutput } from './diff.js';
import type { JsonObject } from './json.js';
import type { Autonaming } from './naming.js';

type Struct = InstanceType<typeof struct.Struct>;

/** The object in a protobuf struct; an empty one when there is none. */
export function fromStruct(value: Struct | undefined): JsonObject {
  return value?.toJavaScript() ?? {};
}

/** A protobuf struct with an object. */
export function toStruct(object: JsonObject): Struct {
  return struct.Struct.fromJavaScript(object);
}

/** What a check asks. */
export function checkInputOf(request: InstanceType<typeof rpc.CheckRequest>): CheckInput {
  const options = request.getAutonaming();
  const modes: Readonly<Record<number, Autonaming['mode']>> = { 0: 'propose', 1: 'enforce', 2: 'disable' };
  const mode = options === undefined ? undefined : modes[options.getMode()];
  return {
    urn: request.getUrn(),
    type: typeOf(request),
    inputs: fromStruct(request.getNews()),
    oldInputs: fromStruct(request.getOlds()),
    name: {
      resourceName: request.getName() || (request.getUrn().split('::').at(-1) ?? ''),
      seed: request.getRandomseed_asU8(),
      ...(mode === undefined || options === undefined
        ? {}
        : { autonaming: { mode, proposed: options.getProposedName() } }),
    },
  };
}

/** The type token of a request; engines before 3.134 put it into the URN only. */
export function typeOf(request: { getUrn(): string; getType(): string }): string {
  return request.getType() || (request.getUrn().split('::')[2]?.split('$').at(-1) ?? '');
}

/** The answer to a diff. */
export function diffResponseOf({ changes, deleteBeforeReplace }: DiffOutput): InstanceType<typeof rpc.DiffResponse> {
  const response = new rpc.DiffResponse();
  const { DiffChanges } = rpc.DiffResponse;
  const { Kind } = rpc.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  response.setChanges(changes.length === 0 ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const change of changes) {
    const detail = new rpc.PropertyDiff();
    detail.setKind(kinds[change.kind][change.replace ? 1 : 0]);
    response.getDetaileddiffMap().set(change.path, detail);
    if (change.replace) {
      response.addReplaces(change.path);
    }
  }
  const topLevel = new Set(changes.map(({ path }) => path.split(/[.[]/)[0] ?? path));
  response.setDiffsList([...topLevel]);
  return response;
}
