import { z } from 'zod';

/** One page of a repository's tags. Some registries say `null` for none. */
export const tagPageSchema = z.object({ tags: z.array(z.string().max(128)).nullish() });

/** A token service's answer; either name may hold the token. */
export const tokenSchema = z.object({
  token: z.string().min(1).optional(),
  access_token: z.string().min(1).optional(),
  expires_in: z.number().optional(),
});

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const platformSchema = z.object({
  os: z.string().optional(),
  architecture: z.string().optional(),
  variant: z.string().optional(),
});

/** An OCI image index or a Docker manifest list. */
export const indexSchema = z.object({
  manifests: z
    .array(z.object({ mediaType: z.string().optional(), digest: digestSchema, platform: platformSchema.nullish() }))
    .max(1000),
});

/** What refers to a manifest, by the referrers API or the tag that stands in for it. */
export const referrersSchema = z.object({
  manifests: z.array(z.object({ digest: digestSchema, artifactType: z.string().optional() })).max(1000),
});

/** A manifest that holds signatures. */
export const signatureManifestSchema = z.object({
  layers: z
    .array(
      z.object({
        mediaType: z.string().optional(),
        digest: digestSchema,
        annotations: z.record(z.string(), z.string()).nullish(),
      }),
    )
    .max(50),
});

/** An OCI or Docker image manifest. */
export const manifestSchema = z.object({
  config: z.object({ mediaType: z.string().optional(), digest: digestSchema }),
  layers: z.array(z.object({ mediaType: z.string().optional() })).nullish(),
});

/** The parts of an image configuration that say what it is for and when it was built. */
export const imageConfigSchema = platformSchema.extend({ created: z.string().nullish() });

/** What tells the kinds of manifest apart. */
export const manifestKindSchema = z.object({
  schemaVersion: z.number().optional(),
  mediaType: z.string().optional(),
  manifests: z.unknown().optional(),
});

/** Docker's `config.json`, and the content of a `kubernetes.io/dockerconfigjson` Secret. */
export const dockerConfigSchema = z.object({
  auths: z
    .record(
      z.string(),
      z.object({ username: z.string().optional(), password: z.string().optional(), auth: z.string().optional() }),
    )
    .default({}),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).default({}),
});

/** What a credential helper answers to `get`. */
export const helperAnswerSchema = z.object({ Username: z.string(), Secret: z.string().min(1) });

/** The operating system, architecture and variant that an image is for. */
export type Platform = z.infer<typeof platformSchema>;
/** See {@link indexSchema}. */
export type ImageIndex = z.infer<typeof indexSchema>;
/** See {@link signatureManifestSchema}. */
export type SignatureManifest = z.infer<typeof signatureManifestSchema>;
/** See {@link manifestSchema}. */
export type ImageManifest = z.infer<typeof manifestSchema>;
