import { writeAttributes } from "../../../src/nfs4/fattr.ts";
import { pick } from "../../support/random.ts";
import { op, type Step } from "../../support/scenario-operations.ts";
import { ServerFile } from "./files.ts";
import type { Errand, Work } from "./mount.ts";
import { Request } from "./request.ts";

const DIRECTORIES = 8;
const FILES_IN_EACH = 8;
const SMALL_BYTES = 128;
const UIDS = 4;

/** What a program asks of one file in one directory, request by request, as the Linux client puts it. */
type Script = (
  directory: ServerFile,
  file: ServerFile,
  siblings: readonly ServerFile[],
) => readonly (readonly Step[])[];

const lookup: Script = (directory, file) => [[directory.putfh(), op.lookup(file.name), file.getfh(), file.getattr()]];
const stat: Script = (_, file) => [[file.putfh(), file.getattr()]];
const access: Script = (directory) => [[directory.putfh(), op.access(), directory.getattr()]];
const list: Script = (directory, _, siblings) => [
  ...access(directory, directory, siblings),
  directory.readdir(siblings),
];
const chmod: Script = (_, file) => [[file.putfh(), setattr(), file.getattr()]];
const readFile: Script = (directory, file) => [file.open(directory, false), file.read(SMALL_BYTES), file.close()];
const writeFile: Script = (directory, file) => [
  file.open(directory, true),
  [file.putfh(), setattr(), file.getattr()],
  file.write(SMALL_BYTES),
  file.close(),
];
const makeDirectory: Script = (directory, file) => [
  [directory.putfh(), op.mkdir(`new-${file.id}`), file.getfh(), file.getattr()],
];
const remove: Script = (directory, file) => [[directory.putfh(), op.remove(`new-${file.id}`)]];
const rename: Script = (directory, file) => [
  [directory.putfh(), op.savefh(), directory.putfh(), op.rename(`old-${file.id}`, file.name)],
];

/** How often each is run. */
const SCRIPTS: readonly (readonly [weight: number, Script])[] = [
  [42, stat],
  [26, lookup],
  [8, access],
  [2, list],
  [5, chmod],
  [4, readFile],
  [4, writeFile],
  [3, makeDirectory],
  [4, remove],
  [4, rename],
];

/** Small operations on files and directories, mixed. */
export function metadataWork(next: () => number): Work {
  const errands = SCRIPTS.map(([, script]) => errandsOf(script));
  const byWeight = SCRIPTS.flatMap(([weight], index) => new Array<readonly Errand[]>(weight).fill(errands[index]!));
  return () => pick(next, pick(next, byWeight));
}

/** One compound of every kind that the scripts are made of. */
export function metadataCompounds(): (readonly Step[])[] {
  return SCRIPTS.flatMap(([, script]) => runsOf(script)[0]!.compounds);
}

function errandsOf(script: Script): Errand[] {
  return runsOf(script).map(({ uid, compounds }) => compounds.map((steps) => new Request(steps, uid)));
}

/** A script on every file there is. */
function runsOf(script: Script) {
  return Array.from({ length: DIRECTORIES }, (_, place) => {
    const first = place * (FILES_IN_EACH + 1);
    const directory = new ServerFile(first, true);
    const files = Array.from({ length: FILES_IN_EACH }, (_, index) => new ServerFile(first + 1 + index));
    return files.map((file) => ({ uid: 1000 + (place % UIDS), compounds: script(directory, file, files) }));
  }).flat();
}

function setattr(): Step {
  const obj_attributes = writeAttributes({ mode: 0o640, time_modify_set: { set_it: 0 } });
  return op.step("SETATTR", { stateid: { seqid: 0, other: new Uint8Array(12) }, obj_attributes });
}
