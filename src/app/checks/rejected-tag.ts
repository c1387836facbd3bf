import { orderOf } from '../image-policy.js';
import type { Check } from './check.js';
import { isFloating } from './floating-tag.js';
import { followedImagesOf } from './followed-images.js';

/** A tag in the code that the image's own policy would never take. It runs until the registry has another one. */
export const rejectedTag: Check = {
  rule: 'rejected-tag',
  severity: 'warning',
  find: (program) =>
    followedImagesOf(program).flatMap((followed) => {
      const { app, object, field, image, policy } = followed;
      const { tag = '' } = image;
      const message = `tag ${tag} is none that its own image policy takes; write a tag that it takes, or correct the policy`;
      const isFine = tag === '' || isFloating(followed) || orderOf(policy).accepts(tag);
      return isFine ? [] : [{ app, object, field, message }];
    }),
};
