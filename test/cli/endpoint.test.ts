import { expect, test } from "vitest";
import { endpointFrom, isLoopback } from "../../src/cli/endpoint.ts";

test.each([
  ["nfs.example.com", "nfs.example.com", 2049],
  ["nfs.example.com:20490", "nfs.example.com", 20_490],
  ["10.0.0.1:1", "10.0.0.1", 1],
  ["[fd09::1]:2050", "fd09::1", 2050],
  ["[::1]", "::1", 2049],
  ["fd09::1", "fd09::1", 2049],
  ["::1", "::1", 2049],
])("%s", (text, host, port) => {
  expect(endpointFrom(text, { port: 2049 })).toEqual({ host, port });
});

test("the host may be left out where there is one to take", () => {
  expect(endpointFrom(":20490", { host: "127.0.0.1", port: 2049 })).toEqual({ host: "127.0.0.1", port: 20_490 });
  expect(endpointFrom("", { host: "127.0.0.1", port: 2049 })).toEqual({ host: "127.0.0.1", port: 2049 });
});

test.each(["", ":2049", "nowhere:x", "host:99999", "[::1", "[::1]x", "a b", "host:1:2"])("%j is none", (text) => {
  expect(() => endpointFrom(text, { port: 2049 })).toThrow("is no address");
});

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["10.0.0.1", false],
])("%s is reachable from here only: %s", (host, isOnly) => {
  expect(isLoopback(host)).toBe(isOnly);
});
