import { open, rename } from 'node:fs/promises';
import path from 'node:path';

/** Replaces a file in one step and puts it on the disk: after a crash at any point it is the old one or the new one, whole. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
  // The rename itself is on the disk only when the folder is.
  const folder = await open(path.dirname(path.resolve(file)), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
