// What this device prefers: language, day or night, sound, layers.

import { useLanguage } from "../../lib/i18n.js";
import { forgetRemembered, remember, remembered } from "../../lib/storage.js";
import { model } from "../../state/model.js";

const STORED = "responder.preferences";

export function readPreferences() {
  try {
    const { theme, sound, layers, bandProfile } = JSON.parse(remembered(STORED) ?? "{}");
    const known = model.value;
    model.set({
      theme: ["auto", "dark", "light"].includes(theme) ? theme : known.theme,
      sound: typeof sound === "boolean" ? sound : known.sound,
      layers: { ...known.layers, ...layers },
      bandProfile: bandProfile ?? known.bandProfile,
    });
  } catch {
    forgetRemembered(STORED);
  }
  showTheme();
}

function writePreferences() {
  const { theme, sound, layers, bandProfile } = model.value;
  remember(STORED, JSON.stringify({ theme, sound, layers, bandProfile }));
}

function showTheme() {
  const { theme } = model.value;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** @param {"auto" | "dark" | "light"} theme */
export function chooseTheme(theme) {
  model.set({ theme });
  showTheme();
  writePreferences();
}

/** @param {boolean} sound */
export function chooseSound(sound) {
  model.set({ sound });
  writePreferences();
}

/** @param {import("../../types/page.js").LayerName} layer */
export function toggleLayer(layer) {
  const { layers } = model.value;
  model.set({ layers: { ...layers, [layer]: !layers[layer] } });
  writePreferences();
}

/** @param {string} bandProfile */
export function chooseBandProfile(bandProfile) {
  model.set({ bandProfile });
  writePreferences();
}

/** @param {string} language */
export async function chooseLanguage(language) {
  await useLanguage(language);
  model.set({ language });
}
