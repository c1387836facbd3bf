import { z } from 'zod';
import { isPem, SETTING } from '../app/image-policies/followed-image.js';
import { isVersionRange } from '../app/image-policies/semver.js';
import { TAG } from '../app/image.js';
import { patternProblem } from '../app/tag-pattern.js';
import { syncWindowOf } from '../app/sync-window.js';
import { messageOf } from '../base/errors.js';

/** A name of an application: a DNS label, because it becomes a label value and part of resource names. */
export const appNameSchema = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

const namespaceSchema = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'namespace is not a DNS label');

const pattern = z.string().superRefine((text, context) => {
  const problem = patternProblem(text);
  if (problem !== undefined) {
    context.addIssue(problem);
  }
});

const platform = z.string().regex(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, 'not a platform such as linux/amd64');

const objectName = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'not the name of a Secret');

const pullSecret = z.union([
  objectName,
  z.strictObject({ name: objectName, namespace: namespaceSchema }),
  z.strictObject({ config: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'not a key of the stack configuration') }),
]);

const followedImage = z.object({
  image: z.string().min(1),
  allow: pattern.exactOptional(),
  ignore: z.array(pattern).exactOptional(),
  platform: z.union([platform, z.array(platform).min(1)]),
  pullSecret: pullSecret.exactOptional(),
  verify: z
    .strictObject({ cosignKey: z.string().max(20_000).refine(isKeyOrSetting, 'neither a public key nor a setting') })
    .exactOptional(),
});

const imagePolicySchema = z.discriminatedUnion('strategy', [
  followedImage.extend({ strategy: z.literal('newest-build') }),
  followedImage.extend({
    strategy: z.literal('semver'),
    range: z.string().refine(isVersionRange, 'not a range of versions, such as ^1.4'),
    preReleases: z.boolean(),
    extract: pattern.exactOptional(),
  }),
  followedImage.extend({
    strategy: z.literal('alphabetical'),
    order: z.enum(['ascending', 'descending']),
    extract: pattern.exactOptional(),
  }),
  followedImage.extend({
    strategy: z.literal('digest'),
    tag: z.string().regex(TAG, 'not a tag'),
    mayGoBack: z.boolean(),
  }),
]);

/** One image, one policy: two would take turns. */
const imagePoliciesSchema = z.array(imagePolicySchema).superRefine((policies, context) => {
  const names = policies.map(({ image }) => image);
  const twice = names.find((image, index) => names.indexOf(image) < index);
  if (twice !== undefined) {
    context.addIssue(`${twice} has more than one policy`);
  }
});

const syncPropsSchema = z.union([
  z.enum(['auto', 'manual']),
  z.strictObject({
    automated: z.boolean().exactOptional(),
    prune: z.boolean().exactOptional(),
    selfHeal: z.boolean().exactOptional(),
    createNamespace: z.boolean().exactOptional(),
  }),
]);

const name = z.string().min(1);
const outsideSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['ConfigMap', 'Secret']),
    name,
    namespace: namespaceSchema.exactOptional(),
    keys: z.array(z.string()).exactOptional(),
  }),
  z.strictObject({
    kind: z.enum(['Middleware', 'PersistentVolumeClaim', 'Service', 'TLSOption']),
    name,
    namespace: namespaceSchema.exactOptional(),
  }),
  z.strictObject({ kind: z.enum(['Namespace', 'PersistentVolume']), name }),
]);

/** What an application may say to the checks of a revision. */
const checkOptions = {
  outside: z.array(outsideSchema).exactOptional(),
  ignoreChecks: z
    .record(z.string(), z.string().regex(/\S/, 'has no reason; say why the rule is wrong here'))
    .exactOptional(),
};

const syncWindowSchema = z
  .strictObject({
    kind: z.enum(['allow', 'deny']),
    schedule: z.string(),
    duration: z.string(),
    timeZone: z.string().exactOptional(),
    manual: z.boolean().exactOptional(),
  })
  .transform((window, context) => {
    try {
      return syncWindowOf(window);
    } catch (error) {
      context.addIssue(messageOf(error));
      return z.NEVER;
    }
  });

const pointer = z.string().regex(/^(\/[^/]+)+$/, 'not a JSON pointer such as /spec/replicas');

const ignoreRuleSchema = z
  .strictObject({
    kind: z.string().min(1),
    name: z.string().exactOptional(),
    pointers: z.array(pointer).exactOptional(),
    managers: z.array(z.string().min(1)).exactOptional(),
  })
  .refine(({ pointers = [], managers = [] }) => pointers.length + managers.length > 0, 'needs pointers or managers');

const textMap = z.record(z.string(), z.string());

/** A complete Kubernetes object. */
export const manifestSchema = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().regex(/^[a-z0-9A-Z]([-a-z0-9A-Z.:_]{0,251}[a-z0-9A-Z])?$/, 'not the name of an object'),
    namespace: namespaceSchema.exactOptional(),
    labels: textMap.exactOptional(),
    annotations: textMap.exactOptional(),
  }),
});

const index = z.int().nonnegative();
const schemaReport = {
  problems: z.array(z.object({ index, path: z.string(), message: z.string() })),
  unchecked: z.array(z.object({ kind: z.string(), index, objects: z.int().positive() })),
};

/** An application as the child built it. */
export const builtAppSchema = z.object({
  namespace: namespaceSchema,
  enabled: z.boolean().exactOptional(),
  sync: syncPropsSchema.exactOptional(),
  syncWindows: z.array(syncWindowSchema).exactOptional(),
  dependsOn: z.array(appNameSchema).exactOptional(),
  ignoreDifferences: z.array(ignoreRuleSchema).exactOptional(),
  images: imagePoliciesSchema.exactOptional(),
  objects: z.array(manifestSchema),
  ...checkOptions,
});

/** An application as {@link builtAppSchema} accepts it. */
export type BuiltAppMessage = z.infer<typeof builtAppSchema>;

/** What the child found out about an application's objects by the schemas of their kinds. */
const checkedSchema = z.object({
  type: z.literal('checked'),
  app: appNameSchema,
  ...schemaReport,
});

/** What the child says of an application that has problems, or objects of unknown kinds. */
export type CheckedMessage = z.infer<typeof checkedSchema>;

/** What the child says, one message a line. A `built` message is checked apart, so that one bad application does not spoil the others. */
export const childMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), protocol: z.literal(1), tellsReach: z.boolean().exactOptional() }),
  /** An application read below another one's folder, so that it may change when that one does. */
  z.object({ type: z.literal('reached'), path: z.string() }),
  z.object({ type: z.literal('building'), app: appNameSchema }),
  z.object({ type: z.literal('missing'), app: appNameSchema, kind: z.enum(['setting', 'secret']), key: z.string() }),
  z.looseObject({ type: z.literal('built'), app: appNameSchema }),
  z.object({ type: z.literal('failed'), app: appNameSchema, message: z.string(), stack: z.string() }),
  checkedSchema,
  z.object({ type: z.literal('done') }),
]);

/** One line from the child. */
export type ChildMessage = z.infer<typeof childMessageSchema>;

/** A desired state as the disk cache keeps it. */
export const desiredStateSchema = z.object({
  revision: z.string(),
  apps: z.record(
    appNameSchema,
    z.object({
      name: appNameSchema,
      namespace: namespaceSchema,
      sync: z.object({
        automated: z.boolean(),
        prune: z.boolean(),
        selfHeal: z.boolean(),
        createNamespace: z.boolean(),
        windows: z
          .array(
            z.object({
              kind: z.enum(['allow', 'deny']),
              schedule: z.string(),
              durationMs: z.number(),
              timeZone: z.string(),
              manual: z.boolean(),
            }),
          )
          .exactOptional(),
      }),
      dependsOn: z.array(z.string()).exactOptional(),
      ignoreDifferences: z.array(ignoreRuleSchema).exactOptional(),
      images: imagePoliciesSchema,
      objects: z.array(manifestSchema),
      ...checkOptions,
      schema: z.object(schemaReport).exactOptional(),
      encryptedFiles: z.record(z.string(), z.string()).exactOptional(),
    }),
  ),
  disabled: z.array(z.string()),
  failed: z.record(z.string(), z.object({ message: z.string(), location: z.string().exactOptional() })),
});

function isKeyOrSetting(text: string): boolean {
  return isPem(text) || SETTING.test(text);
}
