import { pointerSteps } from '../app/json-pointer.js';

/** A JSON pointer as Pulumi writes paths to properties: `spec.template.spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`. */
export function propertyPathOf(pointer: string): string {
  return pointerSteps(pointer).reduce((path, step) => {
    if (/^\d+$/.test(step)) {
      return `${path}[${step}]`;
    }
    if (/[."[\]]/.test(step)) {
      return `${path}["${step.replaceAll('"', '\\"')}"]`;
    }
    return path === '' ? step : `${path}.${step}`;
  }, '');
}
