import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const SOURCES = join(import.meta.dirname, "../../src");
/** Definitions that the stream adds members to. */
const EXTENDED = ["capture", "session"];

/** Our published schema allows additions; for tests every object is closed, so that no member goes undescribed. */
export function strictSchema(): ValidateFunction {
  return new Ajv2020({ allErrors: true, strictTypes: false }).compile(closed(publishedSchema()));
}

/** The same for the lines of a stream. */
export function strictStreamSchema(): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
  const analysis = closed(publishedSchema());
  for (const name of EXTENDED) delete (analysis.$defs as Definitions)[name]!.additionalProperties;
  const stream = publishedSchema("stream-1");
  const lines = stream.$defs as Definitions;
  for (const name of Object.keys(lines).filter((key) => key !== "schema")) lines[name]!.unevaluatedProperties = false;
  const types = Object.keys(lines).filter((name) => name !== "schema");
  (stream.properties as Definitions).type = { enum: types };
  return ajv.addSchema(analysis).compile(stream);
}

type Definitions = Record<string, Record<string, unknown>>;

/** The same for the document of `probe`. */
export function strictProbeSchema(): ValidateFunction {
  return new Ajv2020({ allErrors: true, strictTypes: false }).compile(closed(publishedSchema("probe-1", "probe")));
}

export function publishedSchema(name = "analysis-1", folder = "report"): Record<string, unknown> {
  return JSON.parse(readFileSync(join(SOURCES, folder, `${name}.schema.json`), "utf8")) as Record<string, unknown>;
}

function closed(schema: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(schema).map(([key, value]) => [key, isObject(value) ? closed(value) : each(value)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  const isClosable = copy.type === "object" && isObject(copy.properties) && !("additionalProperties" in copy);
  return isClosable ? { ...copy, additionalProperties: false } : copy;
}

function each(value: unknown): unknown {
  return Array.isArray(value) ? value.map((item) => (isObject(item) ? closed(item) : item)) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
