import { parseImage } from '../image.js';
import { imagesIn } from '../images-in-objects.js';
import type { Check, Mistake } from './check.js';

/** An image policy whose image no container has: the registry is asked for nothing. */
export const unusedImagePolicy: Check = {
  rule: 'unused-image-policy',
  severity: 'warning',
  find: (program) =>
    program.apps
      .filter(({ images }) => images.length > 0)
      .flatMap(({ name: app, images, objects }) => {
        const names = new Set(imagesIn(objects).map((reference) => parseImage(reference).name));
        return images.flatMap(({ image }, index): Mistake[] => {
          const message = `no container has the image ${image}; there are: ${[...names].join(', ') || 'none'}`;
          return names.has(image) ? [] : [{ app, field: `images[${index}].image`, message }];
        });
      }),
};
