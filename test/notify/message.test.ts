import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../src/driver/core/news.js';
import { messageFor } from '../../src/notify/message.js';
import type { Receiver, ReceiverType } from '../../src/notify/receiver.js';

const NOTICE: Notice = {
  at: 0,
  event: 'degraded',
  app: 'web',
  message: 'no pods',
  revision: 'c1',
  images: { a: 'v1' },
};

function receiver(type: ReceiverType, more: Partial<Receiver> = {}): Receiver {
  return { name: 'team', type, url: new URL('https://hooks.test/T0/secret-path'), ...more };
}

describe('notify/message', () => {
  it('a webhook gets all of it as JSON, signed where there is a secret', () => {
    const { headers, body } = messageFor(receiver('webhook', { secret: 'sixteen-letters!' }), NOTICE);
    expect(JSON.parse(body)).toEqual({ ...NOTICE, at: '1970-01-01T00:00:00.000Z' });
    const signature = createHmac('sha256', 'sixteen-letters!').update(body).digest('hex');
    expect(headers['x-signature']).toBe(`sha256=${signature}`);
    expect(messageFor(receiver('webhook'), NOTICE).headers).toEqual({ 'content-type': 'application/json' });
  });

  it('Slack gets a text that mentions nobody', () => {
    const { body } = messageFor(receiver('slack'), { ...NOTICE, message: '<!channel> <https://evil.test|click> &' });
    expect(JSON.parse(body)).toEqual({
      text: '*web: degraded* &lt;!channel&gt; &lt;https://evil.test|click&gt; &amp;',
    });
  });

  it('Discord gets a text that mentions nobody and has no layout of its own', () => {
    const { body } = messageFor(receiver('discord'), { ...NOTICE, message: '@everyone **x** [a](https://evil.test)' });
    expect(JSON.parse(body)).toEqual({
      content: String.raw`**web: degraded** @everyone \*\*x\*\* \[a\](https://evil.test)`,
      allowed_mentions: { parse: [] },
      flags: 4,
    });
  });

  it('ntfy gets a title, a priority and its token', () => {
    expect(messageFor(receiver('ntfy', { token: 'tk_1' }), NOTICE)).toEqual({
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        title: 'web: degraded',
        priority: 'high',
        tags: 'warning',
        authorization: 'Bearer tk_1',
      },
      body: 'no pods',
    });
  });

  it.each<ReceiverType>(['webhook', 'slack', 'discord', 'ntfy'])(
    '%s gets one bounded line without credentials, and never its own address',
    (type) => {
      const message = `denied: https://me:hunter2@git.test\n\u001b[2J ${'x'.repeat(5_000)}`;
      const { headers, body } = messageFor(receiver(type), { ...NOTICE, message });
      const sent = [...Object.values(headers), body].join(' ');
      expect(sent.length).toBeLessThan(1_500);
      expect(sent).not.toMatch(/hunter2|secret-path|[\u001b\n]/);
    },
  );
});
