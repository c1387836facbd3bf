import { z } from 'zod';

const text = z.string();
const texts = z.array(z.string());

const kustomizeSchema = z.looseObject({
  images: texts.optional(),
  namePrefix: text.optional(),
  nameSuffix: text.optional(),
  namespace: text.optional(),
  commonLabels: z.record(z.string(), z.string()).optional(),
  commonAnnotations: z.record(z.string(), z.string()).optional(),
  replicas: z.array(z.object({ name: text, count: z.coerce.number() })).optional(),
  patches: z.array(z.unknown()).optional(),
  components: texts.optional(),
});

const helmSchema = z.looseObject({
  releaseName: text.optional(),
  values: text.optional(),
  valuesObject: z.record(z.string(), z.unknown()).optional(),
  valueFiles: texts.optional(),
  ignoreMissingValueFiles: z.boolean().optional(),
  parameters: z
    .array(z.looseObject({ name: text, value: z.coerce.string().optional(), forceString: z.boolean().optional() }))
    .optional(),
  fileParameters: z.array(z.unknown()).optional(),
  skipCrds: z.boolean().optional(),
});

const ignoreSchema = z.looseObject({
  kind: text.optional(),
  name: text.optional(),
  jsonPointers: texts.optional(),
  jqPathExpressions: texts.optional(),
  managedFieldsManagers: texts.optional(),
});

/** Fields that Argo CD leaves to others. */
export type ArgoIgnore = z.infer<typeof ignoreSchema>;
/** How Argo CD renders a chart. */
export type ArgoHelm = z.infer<typeof helmSchema>;

const sourceSchema = z.looseObject({
  repoURL: text.optional(),
  path: text.optional(),
  chart: text.optional(),
  targetRevision: z.coerce.string().optional(),
  ref: text.optional(),
  directory: z.looseObject({ recurse: z.boolean().optional() }).optional(),
  kustomize: kustomizeSchema.optional(),
  helm: helmSchema.optional(),
  plugin: z.unknown().optional(),
});

/** Where an Application's objects come from. */
export type ArgoSource = z.infer<typeof sourceSchema>;
/** What an Application changes about a kustomization. */
export type ArgoKustomize = z.infer<typeof kustomizeSchema>;

const automatedSchema = z.looseObject({
  enabled: z.boolean().optional(),
  prune: z.boolean().optional(),
  selfHeal: z.boolean().optional(),
});

/** The part of an Application's specification that is understood. */
export const applicationSpecSchema = z.looseObject({
  source: sourceSchema.optional(),
  sources: z.array(sourceSchema).optional(),
  destination: z.looseObject({ namespace: text.optional() }).optional(),
  syncPolicy: z.looseObject({ automated: automatedSchema.nullish(), syncOptions: texts.optional() }).nullish(),
  ignoreDifferences: z.array(ignoreSchema).optional(),
});

/** An Application's specification. */
export type ApplicationSpec = z.infer<typeof applicationSpecSchema>;

/** The part of an ApplicationSet that is understood. */
export const applicationSetSpecSchema = z.looseObject({
  goTemplate: z.boolean().optional(),
  generators: z.array(
    z.looseObject({
      list: z.looseObject({ elements: z.array(z.record(z.string(), z.unknown())) }).optional(),
      git: z
        .looseObject({ directories: z.array(z.object({ path: text, exclude: z.boolean().optional() })).optional() })
        .optional(),
    }),
  ),
  template: z.looseObject({
    metadata: z.looseObject({ name: text, annotations: z.record(z.string(), z.string()).optional() }),
    spec: z.unknown(),
  }),
});

const updateSettingsSchema = z.looseObject({
  updateStrategy: text.optional(),
  allowTags: text.optional(),
  ignoreTags: texts.optional(),
  platforms: texts.optional(),
});

/** How an image is followed, at one of the levels of an ImageUpdater. */
export type UpdateSettings = z.infer<typeof updateSettingsSchema>;

/** The part of an ImageUpdater that is understood. */
export const imageUpdaterSpecSchema = z.looseObject({
  commonUpdateSettings: updateSettingsSchema.optional(),
  applicationRefs: z.array(
    z.looseObject({
      namePattern: text,
      commonUpdateSettings: updateSettingsSchema.optional(),
      images: z
        .array(z.looseObject({ alias: text, imageName: text, commonUpdateSettings: updateSettingsSchema.optional() }))
        .optional(),
    }),
  ),
});

/** An ImageUpdater's specification. */
export type ImageUpdaterSpec = z.infer<typeof imageUpdaterSpecSchema>;
