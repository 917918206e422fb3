// What a row of the table of nouns needs beside itself: words, a pictogram, a shape that can be drawn.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ICONS } from "../js/lib/icons.js";
import { styleFor } from "../js/map/style.js";
import { SWITCHED, TAPPED } from "../js/map/thing-layers.js";
import { LAYERS } from "../js/state/layers.js";
import { model } from "../js/state/model.js";

const words = JSON.parse(readFileSync(new URL("../locales/zh-CN.json", import.meta.url), "utf8"));
const tokens = new Proxy({}, { get: () => "#000000" });
globalThis.location ??= { origin: "" };
const { sources, layers } = styleFor({ circleId: "c", tilesVersion: "", language: "en", tokens });

/**
 * @param {import("../js/state/layers.js").Field} field
 * @returns {string[]}
 */
const wordsOf = ({ name, choices = [], words: family, rows = [] }) => [`import_field.${name}`, ...choices.map((each) => `${family}.${each}`), ...rows.flatMap(wordsOf)];

test("every noun has its words", () => {
  const needed = LAYERS.flatMap(({ name, listed, imported, form }) => [
    `layer.${name}`,
    ...(listed ? [`overview.${name}`] : []),
    ...(imported ? [`imports.noun_${name}`] : []),
    ...form.flatMap(wordsOf),
  ]);

  assert.deepEqual(needed.filter((key) => !(key in words)), []);
});

test("every noun has a pictogram", () => {
  assert.deepEqual(LAYERS.filter(({ symbol }) => !(symbol in ICONS)), []);
});

test("every noun that the tiles do not bring is drawn from a source of its own, and can be tapped", () => {
  for (const { name, kind, look } of LAYERS.filter((each) => each.look)) {
    assert.ok(look && name in sources, name);
    assert.ok(layers.some(({ id, source }) => source === name && TAPPED[id] === kind), name);
  }
});

test("every noun can be switched off, with all that is drawn of it", () => {
  const known = new Set(layers.map(({ id }) => id));

  for (const { name } of LAYERS) {
    const drawn = layers.filter(({ source }) => source === name).map(({ id }) => id);
    assert.ok(model.value.layers[name], name);
    assert.ok(SWITCHED[name].length > 0 && SWITCHED[name].every((id) => known.has(id)), name);
    assert.deepEqual(drawn.filter((id) => !SWITCHED[name].includes(id)), []);
  }
});
