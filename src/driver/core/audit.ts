import type { AuditAction, Effect } from './effects.js';

interface PersonEvent {
  readonly at: number;
  readonly by: string;
  readonly app?: string;
}

/** The effect that notes what a person did. */
export function auditOf(
  { at, by, app }: PersonEvent,
  action: AuditAction,
  more: { readonly reason?: string; readonly detail?: string; readonly refused?: string } = {},
): Effect {
  return { type: 'audit', entry: { at, by, action, ...(app !== undefined && { app }), ...more } };
}
