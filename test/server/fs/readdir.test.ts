import { describe, expect, test } from "vitest";
import { attributeMask, readAttributes } from "../../../src/nfs4/fattr.ts";
import { type READDIR4args, READDIR4resok } from "../../../src/nfs4/ops/readdir.ts";
import { type DirectoryPage, readPage } from "../../../src/server/fs/readdir.ts";
import { integer, random } from "../../support/random.ts";
import { encodedLength, refusalOf, StatelessServer } from "../../support/server-context.ts";

const NO_VERIFIER = new Uint8Array(8);
const ANY = Number.POSITIVE_INFINITY;

class Listing {
  readonly server = new StatelessServer();
  readonly directory = this.server.addDirectory(this.server.root, "directory");

  add(...names: string[]): this {
    for (const name of names) this.server.add(this.directory, name);
    return this;
  }

  page(args: Partial<READDIR4args> = {}, room = ANY): DirectoryPage {
    const whole = { cookie: 0n, cookieverf: NO_VERIFIER, dircount: 0, maxcount: 4096, attr_request: [], ...args };
    const { fileSystem } = this.server;
    return readPage(this.directory, whole, { fileSystem, leaseSeconds: 90, minorVersion: 2 }, room);
  }

  /** All names, page by page. */
  *names(args: Partial<READDIR4args>, between: () => void = () => {}): Generator<string> {
    let cookie = 0n;
    let cookieverf: Uint8Array = NO_VERIFIER;
    for (;;) {
      const { list, verifier } = this.page({ ...args, cookie, cookieverf });
      yield* list.entries.map(({ name }) => name);
      if (list.eof) return;
      cookie = list.entries.at(-1)?.cookie as bigint;
      cookieverf = verifier;
      between();
    }
  }
}

const bytesOfPage = ({ verifier, list }: DirectoryPage) =>
  encodedLength(READDIR4resok, { cookieverf: verifier, reply: list });

describe("pages", () => {
  const names = Array.from({ length: 100 }, (_, index) => `${"n".repeat(index % 13)} ${index}`);
  const attr_request = attributeMask("type", "fileid", "size", "owner");

  test.each([100, 128, 333, 1000, 8192, 1_000_000])("of %i bytes list every name once", (maxcount) => {
    expect([...new Listing().add(...names).names({ maxcount, attr_request })]).toEqual(names);
  });

  test("hold as much as fits, and never more", () => {
    const listing = new Listing().add(...names);
    const whole = listing.page({ maxcount: 1_000_000, attr_request }).list.entries;
    for (let maxcount = 120; maxcount < 2000; maxcount += 4) {
      const page = listing.page({ maxcount, attr_request });
      const bytes = bytesOfPage(page);
      expect(bytes).toBeLessThanOrEqual(maxcount);
      const more = { ...page, list: { eof: false, entries: whole.slice(0, page.list.entries.length + 1) } };
      expect(bytesOfPage(more)).toBeGreaterThan(maxcount);
    }
  });

  test("of an empty directory is its end", () => {
    const page = new Listing().page({ maxcount: 16 });
    expect(page.list).toEqual({ entries: [], eof: true });
    expect(bytesOfPage(page)).toBe(16);
  });

  test("too small for a name, or for the end of the list", () => {
    const listing = new Listing().add("name");
    const bytes = bytesOfPage(listing.page());
    expect(listing.page({ maxcount: bytes }).list.entries).toHaveLength(1);
    expect(refusalOf(() => listing.page({ maxcount: bytes - 1 }))).toBe("NFS4ERR_TOOSMALL");
    expect(refusalOf(() => new Listing().page({ maxcount: 15 }))).toBe("NFS4ERR_TOOSMALL");
  });

  test("a reply without room is cut short, but not maxcount's fault", () => {
    const listing = new Listing().add("one", "two");
    expect(listing.page({}, 50).list).toMatchObject({ entries: [{ name: "one" }], eof: false });
    expect(listing.page({}, 10).list).toMatchObject({ entries: [{ name: "one" }], eof: false });
  });

  test("attributes decode back", () => {
    const listing = new Listing().add("file");
    listing.server.addDirectory(listing.directory, "below");
    const inodes = ["file", "below"].map((name) => listing.server.fileSystem.lookup(listing.directory, name));
    const decoded = listing.page({ attr_request }).list.entries.map(({ attrs }) => readAttributes(attrs));
    expect(decoded.map(({ trouble }) => trouble)).toEqual([null, null]);
    expect(decoded.map(({ known }) => known)).toEqual(
      inodes.map(({ type, id, size }) => ({ type, fileid: BigInt(id), size: BigInt(size), owner: "0" })),
    );
  });
});

describe("cookies", () => {
  test.each([
    [{ cookie: 1n }, "NFS4ERR_BAD_COOKIE"],
    [{ cookie: 2n }, "NFS4ERR_BAD_COOKIE"],
    [{ cookie: 2n ** 64n - 1n }, "NFS4ERR_BAD_COOKIE"],
    [{ cookie: 3n, cookieverf: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }, "NFS4ERR_NOT_SAME"],
    [{ cookie: 1_000_000n }, "NFS4_OK"],
  ])("%o: %s", (args, status) => {
    expect(refusalOf(() => new Listing().add("a").page(args))).toBe(status);
  });

  test.each([1, 2, 3])("seed %i: names that stay are listed once, whatever comes and goes", (seed) => {
    const next = random(seed);
    const stays = Array.from({ length: 300 }, (_, index) => `stays ${index}`);
    const listing = new Listing().add(...stays);
    const { fileSystem } = listing.server;
    let changes = 1500;
    const seen = listing.names({ maxcount: 300 }, () => {
      for (let i = 0; i < 20 && changes > 0; i++, changes--) {
        const name = `comes and goes ${integer(next, 0, 100)}`;
        if (fileSystem.find(listing.directory, name) === null) listing.add(name);
        else fileSystem.remove(listing.directory, name);
      }
    });
    expect([...seen].filter((name) => name.startsWith("stays"))).toEqual(stays);
  });

  test("100,000 names cost one look each, and one more a page", () => {
    const listing = new Listing();
    let looks = 0;
    const { directory } = listing;
    const file = listing.server.add(listing.server.root, "file");
    const counted = Object.create(file, { id: { get: () => ++looks } }) as typeof file;
    for (let index = 0; index < 100_000; index++) directory.directory.set(`${index}`, counted);
    let [pages, names] = [1, 0];
    const attr_request = attributeMask("fileid");
    for (const _ of listing.names({ maxcount: 8192, attr_request }, () => pages++)) names++;
    expect(names).toBe(100_000);
    expect(pages).toBeGreaterThan(400);
    expect(looks).toBe(names + pages - 1);
  });
});
