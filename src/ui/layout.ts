import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { STYLE } from './style.js';

/** A piece of a page, escaped. */
export type Markup = ReturnType<typeof html>;

/** One page. */
export interface PageContent {
  readonly title: string;
  readonly body: Markup;
}

/** How often a browser asks for a page again, in seconds. */
const REFRESH_S = 15;

/** Not a character more than what is hashed. */
const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`);

/**
 * A page may show its own style and nothing else: no script, picture, frame, form or connection, whatever text of a commit, an image or an
 * error is in it.
 */
export const PAGE_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: [`'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** A complete document. It works without scripts, and brings itself up to date. */
export function pageOf({ title, body }: PageContent): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="refresh" content="${REFRESH_S}" />
        <title>${title} - prodesk</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        ${body}
      </body>
    </html> `;
}
