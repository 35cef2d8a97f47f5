import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const PATH = join(import.meta.dirname, "../../src/report/analysis-1.schema.json");

/** Our published schema allows additions; for tests every object is closed, so that no member goes undescribed. */
export function strictSchema(): ValidateFunction {
  return new Ajv2020({ allErrors: true, strictTypes: false }).compile(closed(publishedSchema()));
}

export function publishedSchema(): Record<string, unknown> {
  return JSON.parse(readFileSync(PATH, "utf8")) as Record<string, unknown>;
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
