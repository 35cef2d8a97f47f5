import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Whether a test that needs something from outside the project has to be skipped, and why. */
export interface Requirement {
  skip: boolean;
  reason: string;
}

/**
 * Looks for a program. Missing: the test is skipped, but in CI (`CI=true`) it runs and fails,
 * so that no test can vanish there unnoticed.
 */
export function toolOrSkip(name: string): Requirement {
  const found = spawnSync("sh", ["-c", 'command -v -- "$1"', "sh", name]).status === 0;
  return requirement(found, `the program ${name} is not installed`);
}

/** The same for a file or folder outside the repository; CI has no such folders, so there too it is only a skip. */
export function pathOrSkip(path: string): Requirement {
  return existsSync(path) ? { skip: false, reason: "" } : { skip: true, reason: `${path} is absent` };
}

function requirement(found: boolean, reason: string): Requirement {
  if (found) return { skip: false, reason: "" };
  return { skip: process.env.CI !== "true", reason };
}
