import { isAbsolute, relative, sep } from 'node:path';

/** What file systems take for one name. */
const NAME_BYTES = 255;

/** A path for people and events: relative to the workspace, with `/`, where it lies inside it. */
export function relativePath(workspace: string, path: string): string {
  return isInside(workspace, path) ? relative(workspace, path).split(sep).join('/') : path;
}

/** Whether a path is a folder or lies in it; a name may begin with two dots. */
function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside.split(sep)[0] !== '..' && !isAbsolute(inside);
}

/** A key that two paths share when a file system, which may ignore case, puts both in one file. */
export function sameFile(path: string): string {
  return (path.endsWith(sep) ? path.slice(0, -1) : path).normalize('NFC').toLowerCase();
}

/** Why no result may go to an absolute path, and what to do; `undefined` when one may. */
export function whyNot(
  path: string,
  workspace: string,
): { readonly why: string; readonly hint: string } | undefined {
  const hint = 'Choose an `output` inside the workspace.';
  if (!isInside(workspace, path)) return { why: `outside the workspace ${workspace}`, hint };
  if (path === workspace) return { why: 'the workspace itself', hint };
  const names = relative(workspace, path).split(sep);
  if (names[0]?.toLowerCase() === '.sluice') return { why: "Sluice's own folder", hint };
  if (path.includes('\0')) {
    return { why: 'which no file can be named', hint: 'There is a character NUL in it.' };
  }
  if (names.some((name) => Buffer.byteLength(name) > NAME_BYTES)) {
    return {
      why: `a name of more than ${NAME_BYTES} bytes`,
      hint: 'Put {slug} or {index} into `output`.',
    };
  }
  return undefined;
}
