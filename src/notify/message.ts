import { createHmac } from 'node:crypto';
import { redact } from '../base/redact.js';
import { oneLine } from '../base/visible-text.js';
import type { NewsEvent } from '../driver/core/conditions.js';
import type { Notice } from '../driver/core/news.js';
import type { Receiver } from './receiver.js';

/** What is posted. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const LONGEST_TEXT = 1_000;
const JSON_HEADERS = { 'content-type': 'application/json' };

/** What is worth waking somebody for. */
const GOOD: ReadonlySet<NewsEvent> = new Set(['recovered', 'image-updated']);

/** Discord makes no preview of links in it. */
const SUPPRESS_EMBEDS = 4;

/** A notice in the form that a receiver understands. Text of others mentions nobody and has no layout of its own. */
export function messageFor(receiver: Receiver, notice: Notice): Message {
  const text = redact(oneLine(notice.message)).slice(0, LONGEST_TEXT);
  const title = notice.app === undefined ? notice.event : `${notice.app}: ${notice.event}`;
  switch (receiver.type) {
    case 'webhook':
      return signed(receiver, JSON.stringify(documentOf(notice, text)));
    case 'slack':
      return { headers: JSON_HEADERS, body: JSON.stringify({ text: `*${forSlack(title)}* ${forSlack(text)}` }) };
    case 'discord': {
      const content = `**${forDiscord(title)}** ${forDiscord(text)}`.slice(0, 2_000);
      const body = JSON.stringify({ content, allowed_mentions: { parse: [] }, flags: SUPPRESS_EMBEDS });
      return { headers: JSON_HEADERS, body };
    }
    case 'ntfy':
      return {
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          title,
          priority: GOOD.has(notice.event) ? 'default' : 'high',
          tags: GOOD.has(notice.event) ? 'white_check_mark' : 'warning',
          ...(receiver.token !== undefined && { authorization: `Bearer ${receiver.token}` }),
        },
        body: text,
      };
  }
}

function documentOf({ at, event, app, revision, images }: Notice, message: string): object {
  return {
    at: new Date(at).toISOString(),
    event,
    ...(app !== undefined && { app }),
    message,
    ...(revision !== undefined && { revision }),
    ...(images !== undefined && { images }),
  };
}

function signed({ secret }: Receiver, body: string): Message {
  const signature = secret === undefined ? undefined : createHmac('sha256', secret).update(body).digest('hex');
  return {
    headers: { ...JSON_HEADERS, ...(signature !== undefined && { 'x-signature': `sha256=${signature}` }) },
    body,
  };
}

/** As Slack wants it: these three begin mentions and links. */
function forSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function forDiscord(text: string): string {
  return text.replaceAll(/[\\*_~`|<>[\]#]/g, String.raw`\$&`);
}
