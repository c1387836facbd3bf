import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAuditLog } from '../../src/driver/audit-log.js';

describe('driver/audit-log', () => {
  it('lists the newest first, of one application when it is named, also after a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'audit-'));
    const log = await openAuditLog(join(directory, 'audit.jsonl'));
    await log.append({ at: 1, by: 'me', action: 'sync', app: 'web' });
    await log.append({ at: 2, by: 'me', action: 'pause' });
    await log.append({ at: 3, by: 'you', action: 'resume', app: 'web' });
    const reopened = await openAuditLog(join(directory, 'audit.jsonl'));
    for (const one of [log, reopened]) {
      expect(one.list(2).map(({ at }) => at)).toEqual([3, 2]);
      expect(one.list(10, 'web').map(({ at }) => at)).toEqual([3, 1]);
    }
    await rm(directory, { recursive: true });
  });
});
