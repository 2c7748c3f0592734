import {
  type FromPanel,
  ITEM_ACTIONS,
  PANEL_COMMANDS,
  QUEUE_MOVES,
  RUN_ACTIONS,
} from '../protocol/panel.ts';

/** A message from the panel, checked; `undefined` for anything else. */
export function fromPanel(value: unknown): FromPanel | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const { type, run, item, result, chunk, to, command, concurrency, name, bytes } = value as Record<
    string,
    unknown
  >;
  if (type === 'ready') return { type };
  if (type === 'command') {
    return isOneOf(PANEL_COMMANDS, command) ? { type, command } : undefined;
  }
  if (typeof run !== 'string') return undefined;
  if (isOneOf(RUN_ACTIONS, type)) return { type, run };
  if (type === 'cancel' || type === 'finish' || type === 'retry') {
    if (item === undefined) return { type, run };
    return isNumber(item) ? { type, run, item } : undefined;
  }
  if (type === 'concurrency') return isNumber(concurrency) ? { type, run, concurrency } : undefined;
  if (type === 'saveFile') {
    const right = typeof name === 'string' && bytes instanceof Uint8Array;
    return right ? { type, run, name, bytes: new Uint8Array(bytes) } : undefined;
  }
  if (!isNumber(item)) return undefined;
  if (isOneOf(ITEM_ACTIONS, type)) return { type, run, item };
  if (type === 'loadInput') return { type, run, item };
  if (type === 'move') return isOneOf(QUEUE_MOVES, to) ? { type, run, item, to } : undefined;
  if (type === 'openResult' || type === 'loadResult') {
    return isNumber(result) ? { type, run, item, result } : undefined;
  }
  if (type === 'loadSound') return isNumber(chunk) ? { type, run, item, chunk } : undefined;
  return undefined;
}

function isNumber(value: unknown): value is number {
  return Number.isInteger(value);
}

function isOneOf<const T extends string>(names: readonly T[], value: unknown): value is T {
  return names.some((name) => name === value);
}
