// What of wrangler's JSON schema says which keys there are and of which types: no descriptions,
// no defaults, no examples. `{}` is anything.

const KEPT = ["type", "required", "enum", "minimum", "maximum", "multipleOf"];

export function schemaTable(schema) {
  const names = new Map();
  Object.keys(schema.definitions).forEach((name) => names.set(name, short(name, names.size)));
  const definitions = {};
  for (const [name, held] of Object.entries(schema.definitions))
    definitions[names.get(name)] = compact(held, names);
  return { top: names.get("RawConfig"), definitions };
}

// The schema's generator names what has no name of its own by a hash.
function short(name, number) {
  return /^[A-Za-z]+$/.test(name) ? name : `Unnamed${number}`;
}

function compact(schema, names) {
  if (schema === true) return {};
  if (schema === false) return { anyOf: [] };
  if (schema.$ref) return { ref: names.get(decodeURIComponent(schema.$ref.split("/").at(-1))) };
  const found = {};
  for (const key of KEPT) if (schema[key] !== undefined) found[key] = schema[key];
  if (schema.const !== undefined) found.enum = [schema.const];
  if (schema.deprecated !== undefined) found.deprecated = true;
  for (const key of ["anyOf", "allOf"])
    if (schema[key]) found[key] = schema[key].map((each) => compact(each, names));
  if (schema.items) {
    if (Array.isArray(schema.items)) throw new Error("tuples are not known here");
    found.items = compact(schema.items, names);
  }
  if (schema.properties)
    found.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => [key, compact(value, names)]),
    );
  if (schema.additionalProperties !== undefined)
    found.others = compact(schema.additionalProperties, names);
  const handled = [...KEPT, "const", "deprecated", "anyOf", "allOf", "items", "properties"];
  const silent = ["additionalProperties", "default", "description", "markdownDescription", "examples"];
  const unknown = Object.keys(schema).filter((key) => ![...handled, ...silent].includes(key));
  if (unknown.length) throw new Error(`the schema says what is not known here: ${unknown}`);
  return found;
}
