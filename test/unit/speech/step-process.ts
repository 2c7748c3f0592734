import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FromStep, StepItem, ToStep } from '../../../src/protocol/step.ts';

/** A step's process, spoken to as the runner does. */
export class StepProcess {
  readonly lines: FromStep[] = [];
  readonly child: ChildProcess;
  /** What it wrote to standard error. */
  errors = '';
  private readonly waiting = new Set<() => void>();

  constructor(program: string, env: NodeJS.ProcessEnv = process.env) {
    this.child = spawn(process.execPath, ['--no-warnings', program], { env });
    if (!this.child.stdout || !this.child.stderr) throw new Error('no pipes');
    let rest = '';
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.lines.push(...lines.map((line): FromStep => JSON.parse(line)));
      for (const check of this.waiting) check();
    });
    this.child.stderr.on('data', (data) => {
      this.errors += String(data);
    });
    this.send({ type: 'hello', protocol: 1, workspace: process.cwd(), concurrency: 4 });
  }

  send(line: ToStep): void {
    this.write(`${JSON.stringify(line)}\n`);
  }

  write(bytes: string | Uint8Array): void {
    this.child.stdin?.write(bytes);
  }

  item(id: string, more: Partial<StepItem>): void {
    const rest = {
      with: {},
      output: '/nowhere',
      title: 'A title',
      index: 1,
      total: 2,
      run: 'A run',
    };
    this.send({ type: 'item', id, ...rest, ...more });
  }

  /** The first line, of those that came and those to come, that fits. */
  async until(fits: (line: FromStep) => boolean): Promise<FromStep> {
    const found = this.lines.find(fits);
    if (found) return found;
    return new Promise((resolve) => {
      const check = () => {
        const line = this.lines.find(fits);
        if (!line) return;
        this.waiting.delete(check);
        resolve(line);
      };
      this.waiting.add(check);
    });
  }

  /** The `done` or `error` of an item. */
  answer(id: string): Promise<FromStep> {
    return this.until((line) => (line.type === 'done' || line.type === 'error') && line.id === id);
  }

  /** Ends its input; gives its exit code. */
  async end(): Promise<number | null> {
    const exit = once(this.child, 'close');
    this.child.stdin?.end();
    const [code] = await exit;
    return code;
  }
}
