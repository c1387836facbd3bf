import type { Check } from './check.js';
import { type FollowedImage, followedImagesOf } from './followed-images.js';

/** No tag, or `latest`, for an image that a policy follows: nobody can say what runs, and a rollback has nothing to go back to. */
export const floatingTag: Check = {
  rule: 'floating-tag',
  severity: 'warning',
  find: (program) =>
    followedImagesOf(program)
      .filter(isFloating)
      .map(({ app, object, field, image }) => {
        const what = image.tag === undefined ? 'has no tag' : `has the tag ${image.tag}`;
        const message = `${image.name} ${what}, which says nothing of the build; write the tag of a build that its policy takes`;
        return { app, object, field, message };
      }),
};

/** Whether a reference means another image from time to time, and is not followed for just that. */
export function isFloating({ image, policy }: Pick<FollowedImage, 'image' | 'policy'>): boolean {
  const { tag = 'latest', digest } = image;
  return tag === 'latest' && digest === undefined && !(policy.strategy === 'digest' && policy.tag === tag);
}
