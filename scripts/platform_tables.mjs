// Writes the tables of what the platform has, out of published npm packages.
//
//   npm install --ignore-scripts --prefix FOLDER wrangler@4.164.0 @cloudflare/workers-types@5.20261117.1
//   node scripts/platform_tables.mjs FOLDER rules/gatekeeper_rules/code
//
// wrangler brings the versions of workerd, of unenv and of its preset that belong to it. What
// is written is names and dates only: which modules there are, what they export, since when,
// which flags and which configuration keys exist. No text of a package is copied.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { schemaTable } from "./wrangler_schema.mjs";

const [folder, target] = process.argv.slice(2).map((each) => resolve(each));
const held = (...path) => join(folder, "node_modules", ...path);
const versionOf = (name) => JSON.parse(readFileSync(held(name, "package.json"), "utf8")).version;
const from = (...names) => Object.fromEntries(names.map((name) => [name, versionOf(name)]));
const require = createRequire(held("wrangler", "package.json"));
const presetFile = held("@cloudflare/unenv-preset", "dist", "index.mjs");
const { getCloudflarePreset, nonPrefixedNodeModules } = await import(pathToFileURL(presetFile));
const { defineEnv } = await import(pathToFileURL(held("unenv", "dist", "index.mjs")));
const work = mkdtempSync(join(tmpdir(), "platform-"));
const until = /^1\.(\d{4})(\d\d)(\d\d)\./.exec(versionOf("workerd")).slice(1).join("-");

// -- workerd: what is there, asked of itself

function workerd(code, date, flags) {
  const binary = held("workerd", "bin", "workerd");
  const quoted = flags.map((flag) => JSON.stringify(flag)).join(", ");
  writeFileSync(join(work, "probe.js"), code);
  writeFileSync(
    join(work, "probe.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "probe", worker = .probe)]);
const probe :Workerd.Worker = (
  modules = [(name = "probe.js", esModule = embed "probe.js")],
  compatibilityDate = "${date}", compatibilityFlags = [${quoted}]);`,
  );
  const options = { cwd: work, encoding: "utf8", maxBuffer: 1 << 29 };
  const run = spawnSync(binary, ["test", "probe.capnp"], options);
  return run.stdout + run.stderr;
}

function imported(specifiers, date, flags) {
  const said = workerd(
    `export default { async test() {
      const found = {};
      for (const each of ${JSON.stringify(specifiers)}) {
        try {
          const held = await import(each);
          const names = {};
          for (const name of Object.keys(held)) {
            const value = held[name];
            const isCode = typeof value === "function";
            names[name] = isCode ? Function.prototype.toString.call(value) : "";
          }
          found[each] = names;
        } catch {}
      }
      console.log("<<" + JSON.stringify(found) + ">>");
    } }`,
    date,
    flags,
  );
  return JSON.parse(/<<(.*)>>/s.exec(said)[1]);
}

// Whether a function does nothing but throw once its arguments are looked at: a `throw`, or the
// return of another that does, that stands directly in its body, or in the constructor's.
function stubs(names) {
  const bare = Object.fromEntries(
    Object.entries(names).map(([name, code]) => [name, bareBody(code)]),
  );
  const found = new Set(Object.keys(bare).filter((name) => refuses(bare[name], names[name])));
  for (let grown = true; grown; ) {
    grown = false;
    for (const [name, body] of Object.entries(bare)) {
      const given = /(?:^|[;{}]) ?return (?:new )?([\w$]+) ?\(/.exec(body);
      if (given && found.has(given[1]) && !found.has(name)) grown = Boolean(found.add(name));
    }
  }
  found.delete("default");
  return [...found].sort();
}

// Whether there is nothing in it to call that does not throw.
function isStub(code, throwing) {
  const callable = code.filter((name) => name !== "default");
  return (callable.length > 0 && callable.every((name) => throwing.includes(name))) || undefined;
}

function refuses(body, code) {
  const thrown = /(?:^|[;{}]) ?throw new (\w+)/.exec(body);
  if (!thrown || /\breturn\b/.test(body.slice(0, thrown.index))) return false;
  if (/\bstatic\b/.test(code)) return false;
  return /NOT_IMPLEMENTED/.test(thrown[1]) || /not implemented|illegal constructor/i.test(code);
}

// The statements of a body; whatever stands in inner brackets is only the brackets.
function bareBody(code) {
  const plain = code
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\/\/[^\n]*/g, "")
    .replace(/(["'])(?:\\.|(?!\1)[^\\\n])*\1/g, '""')
    .replace(/\s+/g, " ");
  let start = 0;
  if (/^class\b/.test(plain)) {
    const place = plain.search(/\bconstructor ?\(/);
    if (place < 0) return "";
    start = place;
  }
  const open = plain.indexOf("{", skipped(plain, plain.indexOf("(", start)));
  if (open < 0) return "";
  let body = "";
  for (let at = open + 1; at < plain.length && plain[at] !== "}"; at++) {
    body += plain[at];
    if (plain[at] === "{" || plain[at] === "(") {
      at = skipped(plain, at) - 1;
      body += plain[at];
    }
  }
  return body;
}

function skipped(text, open) {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if ("{([".includes(text[at])) depth++;
    if ("})]".includes(text[at]) && --depth === 0) return at + 1;
  }
  return text.length;
}

// -- node: modules

const presetText = readFileSync(presetFile, "utf8");
const dates = [...new Set(presetText.match(/20\d\d-\d\d-\d\d/g))].sort();
const tried = ["2000-01-01", ...dates];
const flags = [...presetText.matchAll(/includes\(\s*"(\w+)"/g)].map((found) => found[1]);
const isNative = (module, date, given) =>
  getCloudflarePreset({ compatibilityDate: date, compatibilityFlags: given }).external.includes(
    `node:${module}`,
  );

// What makes a module native: every one of its switches is on, by its flag or since its date.
function switchesOf(module) {
  const off = flags.filter((flag) => !isNative(module, until, [flag]));
  const pairs = off.map((disable) => [partner(disable), disable]);
  return pairs.map(([enable, disable]) => {
    const others = pairs.map(([other]) => other).filter((other) => other !== enable);
    const since = tried.find((date) => isNative(module, date, others));
    return { enable, disable, since };
  });
}

function partner(disable) {
  const guesses = [disable.replace(/^disable_/, "enable_"), disable.replace(/^no_/, "")];
  const found = guesses.find((guess) => guess !== disable && flags.includes(guess));
  if (!found) throw new Error(`no flag turns on what ${disable} turns off`);
  return found;
}

function isOn({ enable, disable, since }, date, given) {
  return (given.includes(enable) || date >= since) && !given.includes(disable);
}

// The table must say what the preset says, for every date and every pair of flags.
function checked(modules) {
  const pairs = [[], ...flags.map((flag) => [flag])];
  for (const one of flags) for (const other of flags) if (one < other) pairs.push([one, other]);
  for (const date of tried)
    for (const given of pairs) {
      const preset = new Set(
        getCloudflarePreset({ compatibilityDate: date, compatibilityFlags: given }).external,
      );
      for (const [module, { switches }] of Object.entries(modules)) {
        const said = switches !== undefined && switches.every((each) => isOn(each, date, given));
        if (said !== preset.has(`node:${module}`))
          throw new Error(`${module} is told wrongly at ${date} with ${given}`);
      }
    }
}

async function polyfill(module, alias) {
  const path = alias[module] ?? alias[`node:${module}`];
  if (path === undefined) return {};
  if (path.startsWith("unenv/mock/")) return { mock: true };
  const file = path.startsWith("@cloudflare/unenv-preset/")
    ? held("@cloudflare/unenv-preset", "dist", "runtime", `${path.slice(25)}.mjs`)
    : held("unenv", "dist", "runtime", `${path.slice(6)}.mjs`);
  const asked = ["--input-type=module", "--eval", POLYFILL, pathToFileURL(file).href];
  const run = spawnSync(process.execPath, asked, { encoding: "utf8" });
  // That of `process` asks workerd's own for what it has: its names are not known here.
  const said = /<<(.*)>>/s.exec(run.stdout);
  return said ? JSON.parse(said[1]) : { names: null, throws: [] };
}

const POLYFILL = `
import { writeSync } from "node:fs";
const held = await import(process.argv[1]);
const names = Object.keys(held).filter((name) => name !== "default");
const throws = names.filter((name) => {
  const value = held[name];
  if (typeof value !== "function") return false;
  if (Object.hasOwn(value, "__unenv__")) return true;
  const code = Function.prototype.toString.call(value);
  return code.startsWith("class") && /^class[^{]*\\{\\s*(__unenv__ = true;\\s*)?constructor\\(\\) \\{\\s*throw/.test(code);
});
const code = names.filter((name) => typeof held[name] === "function");
const stub = (code.length > 0 && code.every((name) => throws.includes(name))) || undefined;
writeSync(1, "<<" + JSON.stringify({ names: names.sort(), throws: throws.sort(), stub }) + ">>");
`;

async function nodeTable() {
  const all = [...nonPrefixedNodeModules, "sqlite", "test"];
  const given = ["nodejs_compat", ...flags.filter((flag) => /^enable_\w+_modules?$/.test(flag))];
  const prefixed = all.map((each) => `node:${each}`);
  const natives = imported(prefixed, until, []);
  const v1 = Object.keys(imported(prefixed, "2024-09-22", ["nodejs_compat"]));
  const v1All = Object.keys(imported(prefixed, "2024-09-22", given));
  const { alias } = defineEnv({ presets: [getCloudflarePreset({})], npmShims: true }).env;
  const early = getCloudflarePreset({ compatibilityDate: "2000-01-01" }).external;
  const modules = {};
  for (const module of all) {
    const names = natives[`node:${module}`];
    const native = isNative(module, until, []);
    const other = early.includes(`node:${module}`) ? {} : await polyfill(module, alias);
    modules[module] = {
      bare: nonPrefixedNodeModules.includes(module),
      switches: native ? switchesOf(module) : undefined,
      runtime: v1.includes(`node:${module}`)
        ? "always"
        : v1All.includes(`node:${module}`)
          ? "switched"
          : undefined,
      native: names && {
        names: Object.keys(names).filter((name) => name !== "default").sort(),
        throws: stubs(names),
        stub: isStub(Object.keys(names).filter((name) => names[name]), stubs(names)),
      },
      polyfill: Object.keys(other).length ? other : undefined,
    };
  }
  checked(modules);
  const cli = readFileSync(held("wrangler", "wrangler-dist", "cli.js"), "utf8");
  const constant = (name) => new RegExp(`${name} = "(20\\d\\d-\\d\\d-\\d\\d)"`).exec(cli)[1];
  return {
    from: from("wrangler", "@cloudflare/unenv-preset", "unenv", "workerd"),
    until,
    default: constant("NODEJS_COMPAT_DEFAULT_ON_DATE"),
    v2: constant("NODEJS_COMPAT_V2_SWITCH_OVER_DATE"),
    modules,
  };
}

// -- cloudflare: modules, and what Python has

function typed(types) {
  const found = {};
  for (const [, module, body] of types.matchAll(/^declare module "([\w:-]+)" \{\n([\s\S]*?)^\}/gm)) {
    const whole = /export = (\w+);/.exec(body);
    const inside = whole
      ? new RegExp(`^declare namespace ${whole[1]} \\{\\n([\\s\\S]*?)^\\}`, "m").exec(types)[1]
      : body;
    const values = new Set();
    const onlyTypes = new Set();
    const export_ = /^ {2}(?:export )?(?:declare )?(?:abstract )?(class|function|const|let|type|interface|namespace|enum) (\w+)/gm;
    for (const [, kind, name] of inside.matchAll(export_))
      (["type", "interface", "namespace"].includes(kind) ? onlyTypes : values).add(name);
    for (const [, list] of inside.matchAll(/^ {2}export \{([^}]*)\}/gm))
      for (const each of list.split(","))
        if (each.trim()) {
          const [local, name] = each.trim().split(" as ");
          values.delete(local);
          values.add(name ?? local);
        }
    found[module] = { values: [...values], types: [...onlyTypes] };
  }
  return found;
}

function platformTable() {
  const types = typed(readFileSync(held("@cloudflare/workers-types", "index.d.ts"), "utf8"));
  const named = ["ai", "br", "durable-objects", "email", "node", "pipelines", "sockets", "vectorize"];
  const asked = [...named, "workers", "workflows"].map((name) => `cloudflare:${name}`);
  const there = imported(asked, until, []);
  const modules = {};
  for (const module of asked) {
    const said = types[module] ?? { values: [], types: [] };
    // What workerd alone cannot load (its other half is not in the package) is as it is typed.
    const names = new Set(there[module] ? Object.keys(there[module]) : said.values);
    const rest = [...said.types, ...said.values].filter((name) => !names.has(name));
    modules[module] = { names: [...names].sort(), types: rest.sort() };
  }
  return modules;
}

// -- compatibility flags: workerd itself says which of the words in it are one

function flagTable() {
  const [binary] = ["workerd"].map(() => require.resolve("workerd", { paths: [held("wrangler")] }));
  const path = execFileSync(process.execPath, ["-p", `require(${JSON.stringify(binary)}).default`], {
    encoding: "utf8",
  }).trim();
  const words = new Set();
  // A flag can stand right behind other letters: every ending of a word is asked for as well.
  for (const word of readFileSync(path).toString("latin1").match(/[a-z][a-z0-9_-]{2,79}/g))
    for (let at = 0; at >= 0; at = word.indexOf("_", at) + 1 || -1) words.add(word.slice(at));
  const nothing = "export default { test() {} }";
  // One that asks for Python makes workerd load that before it looks at the others.
  const python = [...words].filter((word) => word.startsWith("python_workers"));
  const all = [...words].filter((word) => !python.includes(word));
  const known = [];
  const ask = (asked) => {
    const said = workerd(nothing, "2020-01-01", asked);
    const found = [...said.matchAll(/No such compatibility flag: (\S+)/g)];
    const unknown = new Set(found.map(([, flag]) => flag));
    known.push(...asked.filter((word) => !unknown.has(word)));
  };
  for (let at = 0; at < all.length; at += 5000) ask(all.slice(at, at + 5000));
  const plain = [...known];
  for (const word of python) ask([word]);
  const early = workerd(nothing, "2020-01-01", plain);
  const late = workerd(nothing, until, plain);
  const isRisky = new Set([...early.matchAll(/flag (\w+) is experimental/g)].map((each) => each[1]));
  const default_ = /flag (\w+) became the default as of (20\d\d-\d\d-\d\d)/g;
  const since = new Map([...late.matchAll(default_)].map(([, flag, date]) => [flag, date]));
  const told = (flag) => ({ experimental: isRisky.has(flag) || undefined, since: since.get(flag) });
  return Object.fromEntries(known.sort().map((flag) => [flag, told(flag)]));
}

const write = (name, data) =>
  writeFileSync(join(target, name), `${JSON.stringify(data, null, 1).replace(/\n\s{3,}/g, " ")}\n`);

write("_node_modules.json", await nodeTable());
write("_platform_modules.json", {
  from: from("workerd", "@cloudflare/workers-types"),
  until,
  modules: platformTable(),
  flags: flagTable(),
});
write("_wrangler_schema.json", {
  from: from("wrangler"),
  ...schemaTable(JSON.parse(readFileSync(held("wrangler", "config-schema.json"), "utf8"))),
});
