import { describe, expect, test } from "vitest";
import {
  isShareDenied,
  type Share,
  type SharesAsked,
  sharesWithin,
  unionOf,
  withShare,
} from "../../../src/server/state/share-reservations.ts";

const ACCESSES = [1, 2, 3];
const DENIES = [0, 1, 2, 3];
const SHARES: Share[] = ACCESSES.flatMap((access) => DENIES.map((deny) => ({ access, deny })));

const reads = ({ access }: Share) => access === 1 || access === 3;
const writes = ({ access }: Share) => access === 2 || access === 3;
const deniesReading = ({ deny }: Share) => deny === 1 || deny === 3;
const deniesWriting = ({ deny }: Share) => deny === 2 || deny === 3;

/** As one would tell it. */
function isInTheWay(held: Share, wanted: Share): boolean {
  const deniesWanted = (deniesReading(held) && reads(wanted)) || (deniesWriting(held) && writes(wanted));
  const isDenied = (deniesReading(wanted) && reads(held)) || (deniesWriting(wanted) && writes(held));
  return deniesWanted || isDenied;
}

describe("share reservations", () => {
  test("two owners, whatever they want", () => {
    for (const held of SHARES) {
      for (const wanted of SHARES) {
        expect(isShareDenied([held], wanted), `${JSON.stringify({ held, wanted })}`).toBe(isInTheWay(held, wanted));
      }
    }
  });

  test("one of many is enough", () => {
    const harmless = { access: 1, deny: 0 };
    expect(isShareDenied([harmless, { access: 1, deny: 2 }], { access: 2, deny: 0 })).toBe(true);
    expect(isShareDenied([harmless, harmless], { access: 2, deny: 0 })).toBe(false);
    expect(isShareDenied([], { access: 3, deny: 3 })).toBe(false);
  });

  test("a downgrade to what some of the opens asked for together, and to nothing else", () => {
    const subsets = Array.from({ length: 16 }, (_, bits) =>
      [0, 1, 2, 3].filter((value) => (bits & (1 << value)) !== 0),
    );
    for (const asked of subsets) {
      const set = asked.reduce<SharesAsked>(withShare, 0);
      expect(unionOf(set)).toBe(asked.reduce((union, value) => union | value, 0));
      for (let wanted = 0; wanted <= 3; wanted++) {
        const isUnion = subsets
          .filter((part) => part.every((value) => asked.includes(value)))
          .some((part) => part.reduce((union, value) => union | value, 0) === wanted);
        expect(unionOf(sharesWithin(set, wanted)) === wanted, `${asked} to ${wanted}`).toBe(isUnion);
      }
    }
  });
});
