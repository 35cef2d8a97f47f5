import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChannelAttributes, ChannelLimits } from "../../src/session/channel-attributes.ts";
import { negotiate, violations } from "../../src/session/channel-attributes.ts";

const ASKED: ChannelAttributes = {
  headerPadSize: 0,
  maxRequestSize: 1_049_620,
  maxResponseSize: 1_049_480,
  maxResponseSizeCached: 7584,
  maxOperations: 8,
  maxRequests: 64,
  rdmaIrd: null,
};
const LIMITS: ChannelLimits = {
  most: {
    headerPadSize: 0,
    maxRequestSize: 65_536,
    maxResponseSize: 65_536,
    maxResponseSizeCached: 4096,
    maxOperations: 16,
    maxRequests: 10,
    rdmaIrd: null,
  },
  least: { requestSize: 512, responseSize: 256 },
};

describe("violations", () => {
  it.each<[Partial<ChannelAttributes>, "fore" | "back", string[]]>([
    [{}, "fore", []],
    [{}, "back", []],
    [{ maxRequestSize: 1, maxResponseSize: 1, maxResponseSizeCached: 0 }, "back", []],
    [{ maxRequestSize: 1_049_621 }, "fore", ["maxRequestSize raised"]],
    [
      { maxResponseSizeCached: 7585, headerPadSize: 1 },
      "back",
      ["headerPadSize raised", "maxResponseSizeCached raised"],
    ],
    // On the fore channel the counts may go either way. §18.36.3
    [{ maxOperations: 99, maxRequests: 99 }, "fore", []],
    [{ maxOperations: 2, maxRequests: 1 }, "fore", []],
    [{ maxOperations: 9, maxRequests: 63 }, "back", ["maxOperations changed", "maxRequests changed"]],
    // Only with an element on either side.
    [{ rdmaIrd: 5 }, "fore", []],
  ])("%o on the %s channel", (changes, channel, expected) => {
    const found = violations(ASKED, { ...ASKED, ...changes }, channel);
    expect(found.map(({ attribute, rule }) => `${attribute} ${rule}`)).toEqual(expected);
  });

  it("compares ca_rdma_ird where both have it, and gives both numbers", () => {
    const asked = { ...ASKED, rdmaIrd: 4 };
    expect(violations(asked, { ...asked, rdmaIrd: 5 }, "fore")).toEqual([
      { attribute: "rdmaIrd", requested: 4, granted: 5, rule: "raised" },
    ]);
    expect(violations(asked, { ...asked, rdmaIrd: null }, "fore")).toEqual([]);
  });
});

describe("negotiate", () => {
  it("grants the smaller of wish and limit on the fore channel", () => {
    expect(negotiate(ASKED, LIMITS, "fore")).toEqual({
      headerPadSize: 0,
      maxRequestSize: 65_536,
      maxResponseSize: 65_536,
      maxResponseSizeCached: 4096,
      maxOperations: 8,
      maxRequests: 10,
      rdmaIrd: null,
    });
  });

  it("leaves the counts of the back channel alone", () => {
    expect(negotiate(ASKED, LIMITS, "back")).toMatchObject({
      maxOperations: 8,
      maxRequests: 64,
      maxRequestSize: 65_536,
    });
    expect(negotiate({ ...ASKED, maxRequests: 0 }, LIMITS, "back")).toMatchObject({ maxRequests: 0 });
  });

  it("turns away a channel that is too small to use, and makes one slot of none", () => {
    expect(negotiate({ ...ASKED, maxRequestSize: 511 }, LIMITS, "fore")).toBeNull();
    expect(negotiate({ ...ASKED, maxResponseSize: 255 }, LIMITS, "fore")).toBeNull();
    expect(negotiate({ ...ASKED, maxRequests: 0, maxOperations: 0 }, LIMITS, "fore")).toMatchObject({
      maxRequests: 1,
      maxOperations: 1,
    });
  });

  it("never caches more than it may answer", () => {
    const small = { ...ASKED, maxResponseSize: 300 };
    expect(negotiate(small, LIMITS, "fore")).toMatchObject({ maxResponseSize: 300, maxResponseSizeCached: 300 });
  });

  it("never breaks the rules that it is measured by", () => {
    const u32 = fc.nat(0xffff_ffff);
    const attributes = fc.record({
      headerPadSize: u32,
      maxRequestSize: u32,
      maxResponseSize: u32,
      maxResponseSizeCached: u32,
      maxOperations: u32,
      maxRequests: u32,
      rdmaIrd: fc.option(u32),
    });
    fc.assert(
      fc.property(attributes, attributes, fc.constantFrom("fore" as const, "back" as const), (asked, most, channel) => {
        const granted = negotiate(asked, { most, least: { requestSize: 0, responseSize: 0 } }, channel);
        return violations(asked, granted!, channel).length === 0;
      }),
    );
  });
});
