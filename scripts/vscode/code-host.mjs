#!/usr/bin/env node
// An executable that takes a desktop VS Code's place for @vscode/test-electron: runTests({ vscodeExecutablePath }).
import { parseHostArguments } from './arguments.mjs';
import { runHostTests } from './host-tests.mjs';

const minutes = Number(process.env.SLUICE_DEV_TEST_MINUTES) || 10;

try {
  process.exitCode = await runHostTests({ ...parseHostArguments(process.argv.slice(2)), minutes });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
