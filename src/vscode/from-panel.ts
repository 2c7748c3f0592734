import { type FromPanel, PANEL_COMMANDS, type PanelCommand } from '../protocol/panel.ts';

/** A message from the panel, checked; `undefined` for anything else. */
export function fromPanel(value: unknown): FromPanel | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const { type, run, item, result, command } = value as Record<string, unknown>;
  switch (type) {
    case 'ready':
      return { type };
    case 'command':
      return isCommand(command) ? { type, command } : undefined;
    case 'pause':
    case 'resume':
    case 'openOutput':
      return typeof run === 'string' ? { type, run } : undefined;
    case 'cancel':
    case 'retry':
      if (typeof run !== 'string') return undefined;
      if (item === undefined) return { type, run };
      return isNumber(item) ? { type, run, item } : undefined;
    case 'openSource':
      return typeof run === 'string' && isNumber(item) ? { type, run, item } : undefined;
    case 'openResult':
      if (typeof run !== 'string' || !isNumber(item) || !isNumber(result)) return undefined;
      return { type, run, item, result };
    default:
      return undefined;
  }
}

function isNumber(value: unknown): value is number {
  return Number.isInteger(value);
}

function isCommand(value: unknown): value is PanelCommand {
  return PANEL_COMMANDS.some((command) => command === value);
}
