import { gunzipSync } from "node:zlib";

/** `type name` with `<max>`, `[n]` or `*`, as in `opaque na_r_netid<>`. */
export interface Declaration {
  name: string;
  type: string;
  /** `<>`, `<1>`, `[12]`, `*`, or nothing. */
  suffix: string;
}

export interface UnionDefinition {
  discriminant: Declaration;
  /** Arms by case, `default` among them; null is void. */
  arms: Map<string, Declaration | null>;
}

/** The definitions of an XDR file. RFC 4506 §6 */
export interface Definitions {
  constants: Map<string, number>;
  enumerations: Map<string, Map<string, number>>;
  typedefs: Map<string, Declaration>;
  structs: Map<string, Declaration[]>;
  unions: Map<string, UnionDefinition>;
}

const DECLARATION = /(?:unsigned\s+)?(\w+)\s+(\*?)(\w+)\s*([<[]\w*[>\]])?\s*;/g;

/** The XDR lines of an RFC, which it marks with slashes so that they can be extracted. */
export function xdrOf(gzippedRfc: Uint8Array): string {
  const lines = gunzipSync(gzippedRfc).toString("latin1").split("\n");
  const marked = lines.flatMap((line) => /^\s*\/\/\/ ?(.*)$/.exec(line)?.[1] ?? []);
  return marked
    .filter((line) => !line.startsWith("%"))
    .join("\n")
    .replace(/\/\*[\s\S]*?\*\//g, "");
}

function declarations(text: string): Declaration[] {
  return [...text.matchAll(DECLARATION)].map(([, type, star, name, suffix]) => ({
    name,
    type,
    suffix: star + (suffix ?? ""),
  }));
}

function armsOf(text: string): Map<string, Declaration | null> {
  const arms = new Map<string, Declaration | null>();
  let cases: string[] = [];
  for (const [part, label] of text.matchAll(/(?:case\s+(\w+)|default)\s*:|[^:;]+;/g)) {
    if (part.endsWith(":")) {
      cases.push(label ?? "default");
    } else {
      const [arm = null] = declarations(part);
      for (const each of cases) arms.set(each, arm);
      cases = [];
    }
  }
  return arms;
}

/** Reads XDR text; a later definition of a name replaces an earlier one. */
export function parseXdr(text: string): Definitions {
  const constants = new Map<string, number>();
  const numberOf = (word: string) => constants.get(word) ?? Number(word);
  for (const [, name, word] of text.matchAll(/const\s+(\w+)\s*=\s*(\w+)\s*;/g)) constants.set(name, numberOf(word));
  const enumerations = new Map<string, Map<string, number>>();
  for (const [, name, body] of text.matchAll(/enum\s+(\w+)\s*\{([^}]*)\}/g)) {
    const entries = [...body.matchAll(/(\w+)\s*=\s*(\w+)/g)];
    enumerations.set(name, new Map(entries.map(([, key, word]) => [key, numberOf(word)])));
  }
  const typedefs = new Map<string, Declaration>();
  for (const [, body] of text.matchAll(/typedef\s+([^;]+;)/g)) {
    for (const each of declarations(body)) typedefs.set(each.name, each);
  }
  const structs = new Map<string, Declaration[]>();
  for (const [, name, body] of text.matchAll(/struct\s+(\w+)\s*\{([^}]*)\}/g)) structs.set(name, declarations(body));
  const unions = new Map<string, UnionDefinition>();
  for (const [, name, type, field, body] of text.matchAll(
    /union\s+(\w+)\s*switch\s*\(\s*(\w+)\s+(\w+)\s*\)\s*\{([^}]*)\}/g,
  )) {
    unions.set(name, { discriminant: { name: field, type, suffix: "" }, arms: armsOf(body) });
  }
  return { constants, enumerations, typedefs, structs, unions };
}
