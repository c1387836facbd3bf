import type { ImagePolicy } from '../image-policy.js';
import { type ImageReference, parseImage } from '../image.js';
import { textAt } from './fields.js';
import type { Program, Subject } from './program.js';

/** A container image that an application follows by a policy. */
export interface FollowedImage extends Pick<Subject, 'app' | 'object'> {
  readonly field: string;
  readonly image: ImageReference;
  readonly policy: ImagePolicy;
}

/** The container images with a policy of their application. */
export function followedImagesOf(program: Program): FollowedImage[] {
  const policies = new Map(
    program.apps.flatMap(({ name, images }) => images.map((policy) => [`${name} ${policy.image}`, policy] as const)),
  );
  return program.pods.flatMap(({ app, object, pod }) =>
    pod.containers.flatMap(({ field, container }) => {
      const image = parseImage(textAt(container, 'image') ?? '');
      const policy = policies.get(`${app} ${image.name}`);
      return policy === undefined ? [] : [{ app, object, field: `${field}.image`, image, policy }];
    }),
  );
}
