import * as pulumi from '@pulumi/pulumi';
import type { DeployApp } from '../app/deployment.js';
import { keyOf, refOf, type Manifest } from '../app/manifest.js';
import { APP_COMPONENT_TYPE, resourceNameOf } from '../app/resource-name.js';
import { hookOf, stageOf, stagesOf } from '../app/stages.js';
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
  /** What has to be there before anything else, such as the application's namespace. */
  readonly before: readonly Registration[];
}

/**
 * Registers an application: one component, and below it one resource per object, wave by wave. Every object is registered, whatever fails; one that
 * waits for a failed one is held as it is.
 */
export async function createApplication(app: DeployApp, context: StackContext): Promise<void> {
  const parent = new pulumi.ComponentResource(APP_COMPONENT_TYPE, app.name, {}, {});
  let before = context.before;
  for (const stage of stagesOf(app.objects)) {
    const objects = app.objects.filter((object) => stageOf(object) === stage);
    before = await createStage(app, objects, { ...context, before, parent });
  }
}

/** Registers the objects of one stage. Gives what the next one comes after. */
async function createStage(
  app: DeployApp,
  objects: readonly Manifest[],
  context: ObjectContext,
): Promise<readonly Registration[]> {
  const { foundation, configuration, workloads, others } = groupObjects(objects);
  const register = (group: readonly Manifest[], before: readonly Registration[]): Promise<Registration[]> =>
    Promise.all(group.map((object) => registered(app, object, { ...context, before })));

  const first = [...context.before, ...(await register(foundation, context.before))];
  const [second, beside] = await Promise.all([register(configuration, first), register(others, first)]);
  const last = await register(workloads, [...first, ...second]);
  return [...first, ...second, ...beside, ...last];
}

async function registered(app: DeployApp, object: Manifest, context: ObjectContext): Promise<Registration> {
  const registration = await settled(createObject(app, object, context));
  return hookOf(object) === undefined ? registration : { ...registration, comesAndGoes: true };
}

interface ObjectContext extends StackContext {
  readonly parent: pulumi.Resource;
}

function createObject(
  app: DeployApp,
  object: Manifest,
  { before, parent, provider, secret }: ObjectContext,
): pulumi.Resource {
  const tracked = track(object, app.name);
  const isHeld = before.some(({ failed }) => failed);
  return new KubernetesObject(resourceNameOf(app.name, refOf(object)), tracked, {
    parent,
    provider,
    secret,
    dependsOn: dependenciesOn(before),
    deleteBeforeReplace: true,
    retainOnDelete: isKept(object),
    ignoreChanges: isHeld ? Object.keys(tracked) : (app.ignored?.[keyOf(object)] ?? []).map(propertyPathOf),
  });
}
