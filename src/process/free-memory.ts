import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

/** Bytes of memory. */
export interface MachineMemory {
  /** What may be taken now without another program's loss. */
  free(): number;
  readonly total: number;
}

/** This machine's, or the container's where that has less. */
export const machineMemory: MachineMemory = {
  free() {
    // A container's count has what it could give back at once, the files that it has read.
    return Math.min(freemem(), process.availableMemory() + fileCache());
  },
  get total() {
    const limit = process.constrainedMemory();
    return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  },
};

/** Bytes of files in this process's memory cgroup that nobody has used for a while; 0 where there is none. */
function fileCache(): number {
  try {
    const groups = readFileSync('/proc/self/cgroup', 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
    const first = groups.find(([, kinds]) => kinds?.split(',').includes('memory'));
    const [, , path = '/'] = first ?? groups.find(([id]) => id === '0') ?? [];
    const folder = `/sys/fs/cgroup${first === undefined ? '' : '/memory'}${path}`;
    const stat = readFileSync(`${folder}/memory.stat`, 'utf8');
    return Number(/^(?:total_)?inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
