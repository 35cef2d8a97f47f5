import type { FileSystem } from "../server/fs/file-system.ts";
import { showDirectory } from "../server/fs/host-view.ts";
import { Refusal } from "../server/refusal.ts";
import { openDirectory } from "../sys/directory.ts";
import { UsageError } from "./usage-error.ts";

const NAME = "export";

/** `serve --export DIR`: puts the copy into the server's tree and gives a line for the user. */
export function showExport(fileSystem: FileSystem, path: string): string {
  try {
    const { shown, leftOut } = showDirectory(fileSystem, NAME, openDirectory(path));
    const rest = leftOut === 0 ? "" : `; ${leftOut} left out, which cannot be read or are no files`;
    return `/${NAME} is a read-only copy of ${path} as it is now: ${shown} objects${rest}`;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { inodesMax } = fileSystem.limits;
    throw new UsageError(
      `${path} is too large: its files take more than --max-bytes, or it has over ${inodesMax} names`,
    );
  }
}
