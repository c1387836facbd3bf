import { APP_LABEL, FIELD_MANAGER } from './tracking.js';

/** What is known of an object from when it was deployed. */
export interface DeployedObject {
  /** The application that it was deployed for. @default - it was deployed without the label */
  readonly app?: string;
  /** Its identity in the cluster. @default - not known */
  readonly uid?: string;
  /** The field manager that applied it. @default FIELD_MANAGER */
  readonly manager?: string;
}

/**
 * Why a live object is not the one that was deployed, although it has its name; undefined when it is. It is another one when it lost the label of its
 * application, or when somebody else made it anew: it has another uid, and our field manager did not apply it.
 */
export function strangenessOf(live: unknown, deployed: DeployedObject): string | undefined {
  const { labels, uid, managedFields } = recordOf(recordOf(live)['metadata']);
  const label = recordOf(labels)[APP_LABEL];
  if (deployed.app !== undefined && label !== deployed.app) {
    return typeof label === 'string' ? `its label ${APP_LABEL} is ${label} now` : `its label ${APP_LABEL} is gone`;
  }
  const isSame = deployed.uid === undefined || deployed.uid === uid;
  const isApplied = (Array.isArray(managedFields) ? managedFields : [])
    .map(recordOf)
    .some(({ manager, operation }) => manager === (deployed.manager ?? FIELD_MANAGER) && operation === 'Apply');
  return isSame || isApplied ? undefined : 'somebody else created it anew';
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
