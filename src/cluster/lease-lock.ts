import type { KubeClient } from './client.js';
import { findStatus } from './failure.js';
import { fieldOf, numberAt, textAt, type KubeObject } from './kube-object.js';
import type { LeaseLock, LeaseRecord } from './port.js';

/** Where the Lease is. */
export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

/** A `coordination.k8s.io/v1` Lease as a lock. Two writers at once are told apart by its resource version. */
export function createLeaseLock(
  client: Pick<KubeClient, 'get' | 'create' | 'replace'>,
  { namespace, name }: LeaseName,
): LeaseLock {
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
  const bodyOf = (record: LeaseRecord): Buffer =>
    Buffer.from(
      JSON.stringify({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace, ...(record.version !== undefined && { resourceVersion: record.version }) },
        spec: {
          holderIdentity: record.holder,
          leaseDurationSeconds: Math.ceil(record.durationMs / 1000),
          acquireTime: microTime(record.acquiredAt),
          renewTime: microTime(record.renewedAt),
          leaseTransitions: record.transitions,
        },
      }),
    );
  return {
    async read(signal) {
      const found = await client.get(`${collection}/${encodeURIComponent(name)}`, signal);
      return found && recordOf(found);
    },
    write: (record, signal) =>
      unlessConflict(
        record.version === undefined
          ? client.create(collection, bodyOf(record), signal)
          : client.replace(`${collection}/${encodeURIComponent(name)}`, bodyOf(record), signal),
      ),
  };
}

function recordOf(lease: KubeObject): LeaseRecord {
  const { resourceVersion } = lease.metadata;
  return {
    holder: textAt(lease, 'spec', 'holderIdentity') ?? '',
    durationMs: (numberAt(lease, 'spec', 'leaseDurationSeconds') ?? 0) * 1000,
    acquiredAt: timeOf(fieldOf(lease, 'spec', 'acquireTime')),
    renewedAt: timeOf(fieldOf(lease, 'spec', 'renewTime')),
    transitions: numberAt(lease, 'spec', 'leaseTransitions') ?? 0,
    ...(resourceVersion !== undefined && { version: resourceVersion }),
  };
}

/** Somebody else was first: no failure. */
async function unlessConflict(write: Promise<KubeObject>): Promise<LeaseRecord | undefined> {
  try {
    return recordOf(await write);
  } catch (error) {
    if (findStatus(error)?.code === 409) {
      return undefined;
    }
    throw error;
  }
}

/** As Kubernetes writes a `MicroTime`. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

function timeOf(value: unknown): number {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms;
}
