// `npm run build`: puts the command line program into one file, with V8's code cache beside it. See slotshark.js.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const bundle = at("dist/slotshark.cjs");
const cache = at("dist/slotshark.cache");
const { dependencies } = JSON.parse(readFileSync(at("package.json"), "utf8"));

/** Needed in every run; the other packages are loaded when a capture wants them. */
const INLINED = ["commander", "picocolors"];

const notices = INLINED.map((name) => {
  const { version, license } = JSON.parse(readFileSync(at(`node_modules/${name}/package.json`), "utf8"));
  return `${name} ${version} (${license})`;
});

/** Commander wants it for commands that are programs of their own, of which there are none here. */
const withoutPrograms = {
  name: "without-programs",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes("commander") ? { path: "child_process", namespace: "absent" } : undefined,
    );
    onLoad({ filter: /./, namespace: "absent" }, () => ({ contents: "" }));
  },
};

await build({
  entryPoints: [at("src/cli/main.ts")],
  outfile: bundle,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: Object.keys(dependencies).filter((name) => !INLINED.includes(name)),
  // A script has no `import()`; `require` and `importModule` are given to it.
  supported: { "dynamic-import": false },
  plugins: [withoutPrograms],
  // Without comments it is ASCII, which V8 reads twice as fast.
  minifyWhitespace: true,
  // Puts constants where they are used: V8 would look each up, and check it, each time.
  minifySyntax: true,
  banner: { js: `/* Contains ${notices.join(", ")} */ (function(require,importModule){const module={exports:{}};` },
  footer: { js: "return module.exports})" },
});

// What a reading thread runs is small: it is compiled sooner than a cache would be read.
await build({
  entryPoints: [at("src/cli/reading-thread.ts")],
  outfile: at("dist/reading-thread.cjs"),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: Object.keys(dependencies),
  minify: true,
});

// V8 keeps what was compiled so far: the functions that a run calls, not those that none does.
rmSync(cache, { force: true });
const script = new Script(readFileSync(bundle, "latin1"), { filename: bundle });
const { main } = script.runInThisContext()(createRequire(bundle), (url) => import(url));
const nowhere = { write: async () => {}, isOpen: true, isTTY: false, columns: 80 };
await main(["analyze", at("fixtures/captures/pynfs-SEQ13.pcap")], {
  stdout: nowhere,
  stderr: nowhere,
  environment: {},
  onCrash: () => {},
  onInterrupt: () => () => {},
  exit: () => {},
});
writeFileSync(cache, script.createCachedData());
