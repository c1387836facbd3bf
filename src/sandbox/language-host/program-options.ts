import type { Struct } from 'google-protobuf/google/protobuf/struct_pb.js';

/** Options as `Pulumi.yaml` has them. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The options in a protobuf struct; none when there is no struct. */
export function optionsOf(struct: Struct | undefined): JsonObject {
  return struct?.toJavaScript() ?? {};
}
