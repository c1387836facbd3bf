import type { Construct } from 'constructs';
import type { IgnoredChecks } from './checks/rule.js';
import type { IgnoreRule } from './ignore-differences.js';
import type { ImagePolicy } from './image-policy.js';
import type { OutsideObject } from './outside.js';
import type { SyncPolicyProps } from './sync-policy.js';
import type { SyncWindowProps } from './sync-window.js';

/** What an application's `build` may ask about the stack it is built for. */
export interface AppContext {
  /** The application's name: the name of its folder. */
  readonly name: string;
  readonly namespace: string;
  /**
   * The plain stack-config value `prodesk:<key>`, such as `domain`. A missing one without a default fails the synthesis with the command that sets it.
   */
  setting(key: string, defaultValue?: string): string;
  /**
   * A stand-in for the secret stack-config value `prodesk:<application>.<key>`; the value itself is put in at deployment.
   * It may be part of a longer text.
   */
  secret(key: string): string;
  /**
   * Values of a file beside `app.ts` that SOPS encrypted for age, such as `db.sops.yaml`: `sops('db.sops.yaml')('DB_PASSWORD')`, or
   * `sops('secret.sops.yaml')('stringData', 'redis.conf')` for one further down. Like secrets, they are stand-ins until deployment.
   */
  sops(file: string): (...path: readonly string[]) => string;
  /** The whole of such a file as text, such as `redis.sops.conf`. */
  sopsFile(file: string): string;
}

/** What an application is: where it lives, how it syncs, which images it follows, and its objects. */
export interface AppProps {
  readonly namespace: string;
  /** A switched-off application stays in Git and is pruned from the cluster. @default true */
  readonly enabled?: boolean;
  /** @default auto */
  readonly sync?: SyncPolicyProps;
  /** When it may sync by itself. @default - always */
  readonly syncWindows?: readonly SyncWindowProps[];
  /** Names of applications that have to be Synced and Healthy before this one gets something new. @default - none */
  readonly dependsOn?: readonly string[];
  /**
   * Fields of its objects that somebody else may write: no drift, and never written back.
   * @default - none but the replicas of what a HorizontalPodAutoscaler of the application scales
   */
  readonly ignoreDifferences?: readonly IgnoreRule[];
  /** @default - tags are taken from the code */
  readonly images?: readonly ImagePolicy[];
  /**
   * Restart the pods of Deployments, StatefulSets and DaemonSets when a ConfigMap or Secret of this application changes that they read. Switching it
   * on restarts them once. @default false
   */
  readonly restartOnChange?: boolean;
  /**
   * What its objects refer to and no application of the repository makes, such as a Secret that was made by hand. It counts for every application.
   * @default - nothing
   */
  readonly outside?: readonly OutsideObject[];
  /** Rules of `prodesk synth` that are right for other applications but not for this one, each with the reason. @default - none */
  readonly ignoreChecks?: IgnoredChecks;
  /** Builds the application's objects into the scope. */
  readonly build: (scope: Construct, context: AppContext) => void;
}

/** An application as `apps/<name>/app.ts` exports it. */
export interface AppDefinition extends AppProps {
  readonly isProdeskApp: true;
}

/** Declares the application of an `apps/<name>/` folder. */
export function defineApp(props: AppProps): AppDefinition {
  return { ...props, isProdeskApp: true };
}
