import { constants } from 'node:os';

/** @type {NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @type {Set<() => void>} */
const endings = new Set();

function endAll() {
  for (const end of endings) end();
  endings.clear();
}

/** @param {NodeJS.Signals} signal */
function onSignal(signal) {
  endAll();
  unlisten();
  // Whoever else listens decides what becomes of the process; else it ends with the status that tells of the signal.
  if (process.listenerCount(signal) === 0) process.exit(128 + constants.signals[signal]);
}

function listen() {
  process.on('exit', endAll);
  for (const signal of signals) process.on(signal, onSignal);
}

function unlisten() {
  process.off('exit', endAll);
  for (const signal of signals) process.off(signal, onSignal);
}

/**
 * Has `end`, which must not wait for anything, called when this process exits or is told to by a signal.
 *
 * @param {() => void} end
 * @returns {() => void} takes it back
 */
export function endWithUs(end) {
  if (endings.size === 0) listen();
  endings.add(end);
  return () => {
    endings.delete(end);
    if (endings.size === 0) unlisten();
  };
}
