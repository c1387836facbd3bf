import type { Construct, IConstruct } from 'constructs';
import { PRUNE_ANNOTATION } from '../app/tracking.js';
import { WAVE_ANNOTATION } from '../app/stages.js';
import { KubeObject } from './kube-object.js';
import { checkInteger } from './validation.js';

/**
 * Puts everything that these constructs make into a wave: `inWave(1, web)`. Its objects are applied after all those of earlier waves were applied and are
 * Healthy. What is in no wave is in wave 0; numbers may be negative.
 * @throws RangeError when the number is no integer
 */
export function inWave(wave: number, ...constructs: readonly Construct[]): void {
  checkInteger('wave', wave, -1000, 1000);
  annotateAll(constructs, WAVE_ANNOTATION, String(wave));
}

/** Keeps everything that these constructs make in the cluster when it leaves the application, or the application leaves Git: `keep(claim)`. */
export function keep(...constructs: readonly Construct[]): void {
  annotateAll(constructs, PRUNE_ANNOTATION, 'false');
}

/**
 * Lets everything that these constructs make be deleted when it leaves the application, also kinds that are kept otherwise: volumes, claims, namespaces and
 * custom resource definitions.
 */
export function mayPrune(...constructs: readonly Construct[]): void {
  annotateAll(constructs, PRUNE_ANNOTATION, 'true');
}

function annotateAll(constructs: readonly Construct[], annotation: string, value: string): void {
  for (const construct of constructs) {
    const objects = construct.node.findAll().filter(isKubeObject);
    if (objects.length === 0) {
      throw new RangeError(`${construct.node.path} makes no objects, so that ${annotation} has nothing to be on`);
    }
    objects.forEach((object) => object.annotate({ [annotation]: value }));
  }
}

function isKubeObject(one: IConstruct): one is KubeObject<object> {
  return one instanceof KubeObject;
}
