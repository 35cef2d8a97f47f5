/** ONC RPC programs that are seen beside NFSv4 compounds. */
const PROGRAMS = new Map<string, string>([
  ["100000", "portmapper"],
  ["100003", "NFS"],
  ["100005", "MOUNT"],
  ["100021", "NLM"],
  ["100024", "NSM"],
  ["100227", "NFSACL"],
]);

/** What to call `program.version` in a sentence: `NFSv3`, `RPC program 300000 v1`. */
export function programName(key: string): string {
  const [program = "", version = ""] = key.split(".");
  // Of NFSv4 only NULL is no compound.
  if (program === "100003") return version === "4" ? "NFSv4 NULL" : `NFSv${version}`;
  return `${PROGRAMS.get(program) ?? `RPC program ${program}`} v${version}`;
}
