import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

/** The shape of the code, held by a test instead of by memory. */

const ROOT = join(import.meta.dirname, "..");
const LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

/** Who may import whom: arrows only point downward. A folder may always import from itself. */
const ARROWS: Record<string, readonly string[]> = {
  index: ["cli", "report", "analysis", "rules", "session", "capture", "sys"],
  cli: ["probe", "server", "report", "analysis", "rules", "capture", "text", "sys"],
  probe: ["requester", "analysis", "session", "nfs4", "rpc", "net", "xdr", "capture", "text", "sys"],
  report: ["analysis", "rules", "session", "nfs4", "text"],
  requester: ["session", "nfs4", "rpc", "xdr", "sys"],
  server: ["session", "nfs4", "rpc", "xdr", "sys"],
  analysis: ["capture", "net", "rpc", "nfs4", "xdr", "session", "rules"],
  rules: ["session", "nfs4/constants"],
  session: ["nfs4/constants"],
  nfs4: ["xdr"],
  rpc: ["xdr"],
  capture: ["sys"],
  net: [],
  xdr: [],
  text: [],
  sys: [],
};

/** Impure things, and the few places outside sys/ that may use one. */
const IMPURE: readonly { what: RegExp; name: string; allowed: RegExp }[] = [
  {
    name: "files, sockets, programs",
    what: /from "node:(fs|net|dgram|http|child_process|os|tty|worker_threads)/,
    allowed: /^$/,
  },
  { name: "clock", what: /\bDate\b|\bperformance\b|\bhrtime\b/, allowed: /^$/ },
  { name: "randomness", what: /Math\.random|getRandomValues|randomBytes|randomUUID/, allowed: /^$/ },
  { name: "process", what: /\bprocess\.(?!nextTick)/, allowed: /^$/ },
  { name: "timers", what: /\bset(Timeout|Interval|Immediate)\b/, allowed: /^$/ },
  { name: "console", what: /\bconsole\./, allowed: /^$/ },
];

function filesUnder(folder: string, keep: RegExp): string[] {
  const all = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile() && keep.test(entry.name));
  return files.map((entry) => relative(ROOT, join(entry.parentPath, entry.name))).sort();
}

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const sources = filesUnder("src", /(?<!\.d)\.ts$/);
const tests = filesUnder("test", /\.ts$/);
const DOCUMENTS = [
  "README.md",
  "CHANGELOG.md",
  ...["src", "test", "fixtures"].flatMap((at) => filesUnder(at, /\.md$/)),
];
const textOf = new Map([...sources, ...tests].map((path) => [path, read(path)]));

/** Code without comments and without what stands in strings. */
function codeOf(path: string): string {
  return (textOf.get(path) as string).replace(/\/\*[\s\S]*?\*\/|(?<![:"'`\\])\/\/.*$/gm, "");
}

/** `nfs4/constants.ts` of `src/nfs4/constants.ts`. */
const inside = (path: string) => path.replace(/^src\//, "");
const layerOf = (path: string) => inside(path).split("/")[0]?.replace(/\.ts$/, "") as string;

function importsOf(path: string): string[] {
  const specifiers = [...codeOf(path).matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map((match) => match[1] as string);
  return specifiers.map((specifier) => inside(join(dirname(path), specifier)));
}

describe("src", () => {
  test("imports only point downward", () => {
    const wrong = sources.flatMap((path) => {
      const layer = layerOf(path);
      const allowed = [
        `${layer}/`,
        ...(ARROWS[layer] ?? []).map((target) => (target.includes("/") ? target : `${target}/`)),
      ];
      const isAllowed = (target: string) => allowed.some((prefix) => target.startsWith(prefix));
      return importsOf(path)
        .filter((target) => !isAllowed(target))
        .map((target) => `${inside(path)} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test("every folder has its place in the table of arrows", () => {
    expect(sources.map(layerOf).filter((layer) => !(layer in ARROWS))).toEqual([]);
  });

  test("only sys/ touches files, clocks, randomness, timers and the process", () => {
    const wrong = sources
      .filter((path) => layerOf(path) !== "sys")
      .flatMap((path) => {
        const found = IMPURE.filter(({ what, allowed }) => what.test(codeOf(path)) && !allowed.test(path));
        return found.map(({ name }) => `${path}: ${name}`);
      });
    expect(wrong).toEqual([]);
  });

  test("every file that has code is run by tests of its own layer", () => {
    const layers = new Map([...new Set(sources.map(layerOf))].map((layer) => [layer, testedIn(layer)]));
    expect(sources.filter((path) => hasCode(path) && !layers.get(layerOf(path))?.has(path))).toEqual([]);
  });
});

/** More than types and re-exports. */
function hasCode(path: string): boolean {
  return /^(export )?(default )?(abstract )?(async )?(const|let|function\*?|class|for|if|await)\b/m.test(codeOf(path));
}

/**
 * The files of a layer that its tests name (`test/net/tcp.test.ts` names `src/net/tcp.ts`), and the parts that
 * those files are made of. Rules are not named by tests but told in stories, see below.
 */
function testedIn(layer: string): Set<string> {
  const ofLayer = (path: string) => layerOf(path) === layer;
  const named = tests
    .filter((path) => path.startsWith(`test/${layer}`) || path.startsWith("test/support/"))
    .flatMap(sourcesImportedBy);
  const found = new Set(
    [...named, ...sources.filter((source) => isRule(source) || isRuleIndex(source))].filter(ofLayer),
  );
  // A set gives out what is added to it while it is being walked.
  for (const path of found) for (const part of sourcesImportedBy(path).filter(ofLayer)) found.add(part);
  return found;
}

function sourcesImportedBy(path: string): string[] {
  return importsOf(path).map((target) => target.replace(/^(?!\.)/, "src/"));
}

/** An index of rules is held to be whole by the tests of rules below. */
const isRuleIndex = (path: string) => /^src\/rules\/(.*\/)?index\.ts$/.test(path);
const isRule = (path: string) =>
  /^src\/rules\/[^/]+\/(?!index\.ts$)[^/]+\.ts$/.test(path) && /: Rule = /.test(textOf.get(path) as string);

describe("rules", () => {
  const rules = sources.filter(isRule);
  const stories = tests
    .filter((path) => path.startsWith("test/rules/"))
    .map((path) => textOf.get(path))
    .join("\n");

  test("the file's name is the rule's id", () => {
    const wrong = rules.filter((path) => !codeOf(path).includes(`id: "${basename(path, ".ts")}"`));
    expect(wrong).toEqual([]);
  });

  test("every rule is in its family's index, every family in the index of all", () => {
    const missing = rules.filter((path) => {
      const index = join(dirname(path), "index.ts");
      return !textOf.has(index) || !importsOf(index).includes(inside(path));
    });
    const families = [...new Set(rules.map((path) => inside(join(dirname(path), "index.ts"))))];
    const known = importsOf("src/rules/index.ts");
    expect([...missing, ...families.filter((family) => !known.includes(family))]).toEqual([]);
  });

  test.each(["bad", "good"])("every rule has a %s story", (kind) => {
    const untold = rules.filter((path) => !new RegExp(`\\b${kind}\\(\\s*"${basename(path, ".ts")}"`).test(stories));
    expect(untold).toEqual([]);
  });
});

describe("sizes and names", () => {
  test(`no file is longer than ${LINES_MAX} lines`, () => {
    const long = [...textOf].filter(([, text]) => text.split("\n").length > LINES_MAX + 1).map(([path]) => path);
    expect(long).toEqual([]);
  });

  test(`no function is longer than ${FUNCTION_LINES_MAX} lines`, () => {
    expect(sources.flatMap((path) => longFunctions(path))).toEqual([]);
  });

  test("names are in kebab-case and say what a file is", () => {
    const odd = [...sources, ...tests].filter(
      (path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.ts$/.test(basename(path)),
    );
    const vague = sources.filter((path) => /(^|-)(utils?|helpers?|managers?|misc|common)(-|\.)/.test(basename(path)));
    expect([...odd, ...vague]).toEqual([]);
  });
});

/** Biome indents by two: a function ends at the first line that closes at its own depth. */
function longFunctions(path: string): string[] {
  const lines = (textOf.get(path) as string).split("\n");
  const long: string[] = [];
  for (const [start, line] of lines.entries()) {
    const head =
      /^(\s*)(?:.*\bfunction\b.*|(?:(?:private|protected|public|static|override|async|get|set)\s+)*[#\w*]+\(.*\).*|.*=>\s*)\{$/.exec(
        line,
      );
    if (head === null || /^\s*(if|for|while|switch|else|do|try|catch)\b/.test(line)) continue;
    const indent = head[1] as string;
    const end = lines.findIndex((other, i) => i > start && other.startsWith(`${indent}}`));
    if (end - start + 1 > FUNCTION_LINES_MAX) long.push(`${path}:${start + 1} (${end - start + 1} lines)`);
  }
  return long;
}

interface Locked {
  optionalDependencies?: Record<string, string>;
}

describe("leftovers", () => {
  const all = [...textOf].filter(([path]) => path !== "test/tidy.test.ts");
  const texts = [...all, ...[...DOCUMENTS, "package.json"].map((path) => [path, read(path)] as const)];

  test("nothing is put off", () => {
    const found = all.filter(([, text]) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text)).map(([path]) => path);
    expect(found).toEqual([]);
  });

  test("no code is commented out", () => {
    const commented =
      /^\s*\/\/\s*(?:(?:const|let|return|import|export|if \(|for \(|while \()\b.*[;{]\s*$|[\w.]+\(.*\);\s*$|\}\s*$)/m;
    expect(all.filter(([, text]) => commented.test(text)).map(([path]) => path)).toEqual([]);
  });

  test("no paths of somebody's machine, no registry hosts", () => {
    const found = texts.filter(([, text]) =>
      /(?<![\w.])\/(home|root|Users|work)\/|registry\.(npmjs|yarnpkg)/.test(text),
    );
    expect(found.map(([path]) => path)).toEqual([]);
  });

  test("nobody is sent to papers that are not in the repository", () => {
    const found = texts.flatMap(([path, text]) => {
      const named = [...text.matchAll(/[\w./-]*\w\.md\b/g)].map(([name]) => name);
      const isHere = (name: string) => [ROOT, dirname(join(ROOT, path))].some((from) => existsSync(join(from, name)));
      return named.filter((name) => !isHere(name)).map((name) => `${path}: ${name}`);
    });
    expect(found).toEqual([]);
  });

  test("the lock file names no host", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved"/);
  });

  test("the lock file holds every package that another one may want, or `npm ci` refuses it", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> };
    const wanted = Object.values(packages).flatMap((locked) => Object.keys(locked.optionalDependencies ?? {}));
    expect(wanted.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });

  test("every fixture has a note", () => {
    const notes = read("fixtures/README.md");
    const files = filesUnder("fixtures", /^(?!README\.md$)/);
    // A table of truth is named after its capture.
    const nameOf = (path: string) =>
      path.startsWith("fixtures/truth/") ? `\`${basename(path, ".tsv")}.` : basename(path);
    expect(files.filter((path) => !notes.includes(nameOf(path)))).toEqual([]);
  });
});

test("what the package offers to others is there", () => {
  const { exports, files } = JSON.parse(read("package.json"));
  const schemas = ["./schema/analysis-1.json", "./schema/stream-1.json", "./schema/probe-1.json"];
  expect(Object.keys(exports)).toEqual([".", ...schemas]);
  expect(schemas.filter((name) => !existsSync(join(ROOT, exports[name])))).toEqual([]);
  expect(existsSync(join(ROOT, exports["."].default.replace("dist", "src").replace(".js", ".ts")))).toBe(true);
  expect(files).toEqual(expect.arrayContaining(["bin", "dist", "src"]));
});

describe("documents", () => {
  test("the map of the code names every folder of src", () => {
    const map = read("src/README.md");
    expect(Object.keys(ARROWS).filter((layer) => layer !== "index" && !map.includes(`${layer}/`))).toEqual([]);
  });

  test("every file that a document names exists", () => {
    const missing = DOCUMENTS.flatMap((document) => {
      const named = [...read(document).matchAll(/`((?:src|test|bin|fixtures)\/[\w./-]+)`/g)].map(
        (match) => match[1] as string,
      );
      return named.filter((path) => !existsSync(join(ROOT, path))).map((path) => `${document}: ${path}`);
    });
    expect(missing).toEqual([]);
  });
});
