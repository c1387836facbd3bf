import * as pulumi from '@pulumi/pulumi';

/** A registered resource, after the engine has dealt with it. */
export interface Registration {
  readonly resource: pulumi.Resource;
  readonly failed: boolean;
}

/**
 * Waits until the engine has dealt with a resource.
 *
 * `dependsOn` alone must not be used for what may fail: the SDK then never registers the dependent, and an engine that continues after
 * errors takes it for removed from the program and deletes it.
 */
export function settled(resource: pulumi.Resource): Promise<Registration> {
  const failed = pulumi.recover(
    resource.urn.apply(() => false),
    () => true,
  );
  return new Promise((resolve) => {
    failed.apply((value) => resolve({ resource, failed: value }));
  });
}

/** What may safely be named in `dependsOn`. */
export function dependenciesOn(before: readonly Registration[]): pulumi.Resource[] {
  return before.filter(({ failed }) => !failed).map(({ resource }) => resource);
}
