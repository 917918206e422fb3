// Plays a recording read from standard input with the page's own player; a Python test compares the moments asked for.

import { readFileSync } from "node:fs";

import { Player } from "../js/replay/player.js";

const { recording, moments } = JSON.parse(readFileSync(0, "utf8"));
const player = new Player(recording);
process.stdout.write(JSON.stringify(moments.map((/** @type {string} */ moment) => player.at(Date.parse(moment)))));
