import type { SecretFiles } from '../app/secret-files.js';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/logger.js';
import type { ClusterObserver, LabelFinder, SecretReader } from '../cluster/port.js';
import type { Engine, Workspace } from '../engine/port.js';
import type { GitSource } from '../sources/git/port.js';
import type { Registry } from '../sources/registry/port.js';
import type { Synthesizer } from '../synth/port.js';
import type { AuditLog } from './audit-log.js';
import type { DiskWatch } from './disk-watch.js';
import type { History } from './history.js';

/** Everything outside that the daemon acts on or asks. */
export interface DriverPorts {
  readonly git: GitSource;
  readonly registry: Registry;
  readonly synthesizer: Synthesizer;
  readonly engine: Engine;
  readonly workspace: Workspace;
  readonly secretFiles: SecretFiles;
  readonly observer: ClusterObserver;
  readonly secrets: SecretReader;
  readonly labels: LabelFinder;
  readonly history: History;
  readonly audit: AuditLog;
  readonly disk: DiskWatch;
  readonly clock: Clock;
  /** One that nobody can turn. @default - turned clocks are not noticed */
  readonly steady?: Pick<Clock, 'now'>;
  readonly logger: Logger;
  /** A random number in [0, 1). */
  readonly random: () => number;
}
