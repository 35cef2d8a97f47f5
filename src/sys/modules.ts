import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "./input-error.ts";

type Import = (url: string) => Promise<{ default?: unknown }>;

/** In the program of one file, which is a script and has no `import()` of its own: what bin/slotshark.js gives it. */
declare const importModule: Import | undefined;

/** Runs a JavaScript module of the user's and gives its default export. */
export async function defaultExportOf(path: string): Promise<unknown> {
  const full = resolve(path);
  try {
    if (!statSync(full).isFile()) throw new InputError(path, "is not a file");
    const load: Import = typeof importModule === "function" ? importModule : (url) => import(url);
    return (await load(pathToFileURL(full).href)).default;
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(path, describe(error));
  }
}

function describe(error: unknown): string {
  if ((error as NodeJS.ErrnoException)?.code === "ENOENT") return "no such file";
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `cannot be loaded: ${text.replace(/\s*\n\s*/g, " ")}`;
}
