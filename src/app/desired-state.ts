import type { Finding } from './checks/finding.js';
import type { IgnoredChecks } from './checks/rule.js';
import type { IgnoreRule } from './ignore-differences.js';
import type { ImagePolicy } from './image-policy.js';
import type { Manifest } from './manifest.js';
import type { OutsideObject } from './outside.js';
import type { SchemaReport } from './schema-report.js';
import type { SyncPolicy } from './sync-policy.js';

/** One application as a revision wants it. Secrets are markers, image tags are those written in the code. */
export interface DesiredApp {
  readonly name: string;
  readonly namespace: string;
  readonly sync: SyncPolicy;
  readonly images: readonly ImagePolicy[];
  /** Applications that have to be Synced and Healthy before it gets something new. @default - none */
  readonly dependsOn?: readonly string[];
  /** Fields that somebody else may write. @default - none but the replicas of what is scaled automatically */
  readonly ignoreDifferences?: readonly IgnoreRule[];
  readonly objects: readonly Manifest[];
  /** What it refers to and no application makes. @default - nothing */
  readonly outside?: readonly OutsideObject[];
  /** Rules that do not count for it, with the reason. @default - all count */
  readonly ignoreChecks?: IgnoredChecks;
  /** @default - every object fits the schema of its kind */
  readonly schema?: SchemaReport;
  /** See {@link AppWithFiles}. @default - the objects refer to none */
  readonly encryptedFiles?: Readonly<Record<string, string>>;
}

/** Why one application of a revision could not be synthesized. */
export interface SynthFailure {
  readonly message: string;
  /** File and line in the checkout, such as `apps/mysql/app.ts:12`, where known. */
  readonly location?: string;
  /** It was built, and then refused for mistakes that checks found. */
  readonly refused?: true;
}

/** Everything that one revision wants. An application that failed is in `failed` and not in `apps`: it is not gone. */
export interface DesiredState {
  /** The commit, or `working-tree`. */
  readonly revision: string;
  readonly apps: Readonly<Record<string, DesiredApp>>;
  /** Names of applications that are switched off: their folders are there, their objects must not be. */
  readonly disabled: readonly string[];
  readonly failed: Readonly<Record<string, SynthFailure>>;
  /** What checks found in all applications, refused ones too. @default - it was not checked yet */
  readonly findings?: readonly Finding[];
}

/** The stack configuration as synthesis may see it: plain values, and only the names of secret ones. Keys are without `prodesk:`. */
export interface StackSettings {
  readonly settings: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/**
 * Image versions per application: `{ "naver-news": { "ghcr.io/sijunkim/naver-news-spring": "master-e0b0c0c" } }`. A version is a tag, a
 * digest, or both: `v1`, `sha256:...`, `v1@sha256:...`.
 */
export type ImageOverrides = Readonly<Record<string, Readonly<Record<string, string>>>>;
