import * as pulumi from '@pulumi/pulumi';
import type { DeployApp } from '../app/deployment.js';
import { keyOf, refOf, type Manifest } from '../app/manifest.js';
import { APP_COMPONENT_TYPE, resourceNameOf } from '../app/resource-name.js';
import { stageOf, stagesOf } from '../app/stages.js';
import { isKept, track } from '../app/tracking.js';
import { KubernetesObject } from './kubernetes-object.js';
import { propertyPathOf } from './property-path.js';
import { groupObjects } from './order.js';
import { dependenciesOn, settled, type Registration } from './registration.js';
import type { SecretLookup } from './secret-inputs.js';

/** What the resources of an application need from the stack. */
export interface StackContext {
  readonly provider: pulumi.ProviderResource;
  readonly secret: SecretLookup;
  /** The application's namespace, where the stack makes it. */
  readonly namespace: readonly Registration[];
}

/**
 * Registers an application: one component, and below it one resource per object, wave by wave. Every object is registered, whatever fails; one that
 * waits for a failed one is held as it is.
 *
 * The order is that of the program alone. Were objects to depend on each other, a run of one wave would be refused as soon as an object has left the
 * application that depended on one of the wave: Pulumi wants to delete with a target whatever depends on it and is not registered any more.
 */
export async function createApplication(app: DeployApp, context: StackContext): Promise<void> {
  const parent = new pulumi.ComponentResource(APP_COMPONENT_TYPE, app.name, {}, {});
  let before = context.namespace;
  for (const stage of stagesOf(app.objects)) {
    const objects = app.objects.filter((object) => stageOf(object) === stage);
    before = await createStage(app, objects, { ...context, parent }, before);
  }
}

/** Registers the objects of one stage. Gives what the next one comes after. */
async function createStage(
  app: DeployApp,
  objects: readonly Manifest[],
  context: ObjectContext,
  before: readonly Registration[],
): Promise<readonly Registration[]> {
  const { foundation, configuration, workloads, others } = groupObjects(objects);
  const register = (group: readonly Manifest[], after: readonly Registration[]): Promise<Registration[]> =>
    Promise.all(group.map((object) => settled(createObject(app, object, context, after))));

  const first = [...before, ...(await register(foundation, before))];
  const [second, beside] = await Promise.all([register(configuration, first), register(others, first)]);
  const last = await register(workloads, [...first, ...second]);
  return [...first, ...second, ...beside, ...last];
}

interface ObjectContext extends StackContext {
  readonly parent: pulumi.Resource;
}

function createObject(
  app: DeployApp,
  object: Manifest,
  { namespace, parent, provider, secret }: ObjectContext,
  before: readonly Registration[],
): pulumi.Resource {
  const tracked = track(object, app.name);
  const isHeld = before.some(({ failed }) => failed);
  return new KubernetesObject(resourceNameOf(app.name, refOf(object)), tracked, {
    parent,
    provider,
    secret,
    dependsOn: dependenciesOn(namespace),
    deleteBeforeReplace: true,
    retainOnDelete: isKept(object),
    ignoreChanges: isHeld ? Object.keys(tracked) : (app.ignored?.[keyOf(object)] ?? []).map(propertyPathOf),
  });
}
