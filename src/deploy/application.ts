import * as pulumi from '@pulumi/pulumi';
import type { DeployApp } from '../app/deployment.js';
import { refOf } from '../app/manifest.js';
import { APP_COMPONENT_TYPE, resourceNameOf } from '../app/resource-name.js';
import { isKept, track } from '../app/tracking.js';
import { KubernetesObject } from './kubernetes-object.js';
import { inStageOrder, stageOf, stagesBefore, type Stage } from './order.js';
import type { SecretLookup } from './secret-inputs.js';

/** What the resources of an application need from the stack. */
export interface StackContext {
  readonly provider: pulumi.ProviderResource;
  readonly secret: SecretLookup;
  /** What has to be there before anything else, such as the application's namespace. */
  readonly before: readonly pulumi.Resource[];
}

/** Registers an application: one component, and below it one resource per object. */
export function createApplication(app: DeployApp, context: StackContext): pulumi.ComponentResource {
  const component = new pulumi.ComponentResource(APP_COMPONENT_TYPE, app.name, {}, {});
  const created = new Map<Stage, pulumi.Resource[]>();
  for (const object of inStageOrder(app.objects)) {
    const resource = new KubernetesObject(resourceNameOf(app.name, refOf(object)), track(object, app.name), {
      parent: component,
      provider: context.provider,
      secret: context.secret,
      dependsOn: [...context.before, ...stagesBefore(object).flatMap((stage) => created.get(stage) ?? [])],
      deleteBeforeReplace: true,
      retainOnDelete: isKept(object),
    });
    const stage = stageOf(object);
    created.set(stage, [...(created.get(stage) ?? []), resource]);
  }
  return component;
}
