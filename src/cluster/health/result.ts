import type { Health, HealthStatus } from '../port.js';
import type { KubeObject } from '../kube-object.js';

/** Judges one object by its fields alone. */
export type HealthCheck = (object: KubeObject) => Health;

/** The health of everything that has nothing to say. */
export const HEALTHY: Health = { status: 'Healthy' };

/** A health with a message, or without when the text is missing or empty. */
export function health(status: HealthStatus, message?: string): Health {
  return message === undefined || message === '' ? { status } : { status, message };
}
