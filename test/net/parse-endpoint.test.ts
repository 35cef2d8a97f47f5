import { expect, test } from "vitest";
import { parseEndpoint } from "../../src/net/parse-endpoint.ts";
import { addressBytes } from "../support/network-packets.ts";

test.each([
  ["10.0.0.1:2049", "10.0.0.1", 2049],
  ["255.255.255.255:0", "255.255.255.255", 0],
  ["[fd09::1]:2049", "fd09::1", 2049],
  ["[::1]:1", "::1", 1],
  ["[::]:65535", "::", 65535],
  ["[1:2:3:4:5:6:7:8]:9", "1:2:3:4:5:6:7:8", 9],
  ["[1::]:9", "1::", 9],
  ["[fe80::1%eth0]:9", "fe80::1", 9],
  ["[::ffff:10.0.0.1]:9", "10.0.0.1", 9],
])("%s", (text, address, port) => {
  expect(parseEndpoint(text)).toEqual({ address: addressBytes(address), port });
});

test.each([
  "",
  ":2049",
  "10.0.0.1",
  "10.0.0:1",
  "10.0.0.256:1",
  "10.0.0.1:65536",
  "host:2049",
  "fd09::1:2049",
  "[fd09::1]",
  "[1:2:3:4:5:6:7]:9",
  "[1:2:3:4:5:6:7:8:9]:9",
  "[1:2:3:4::5:6:7:8]:9",
  "[1::2::3]:9",
  "[12345::]:9",
  "[g::]:9",
  "[:1:2:3:4:5:6:7]:9",
  "[1:::2]:9",
])("%j is none", (text) => {
  expect(parseEndpoint(text)).toBeNull();
});
