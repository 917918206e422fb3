import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["node_modules/", "dist*/"] },
  js.configs.recommended,
  {
    files: ["js/**/*.js"],
    languageOptions: { ecmaVersion: 2025, sourceType: "module", globals: globals.browser },
  },
  { files: ["report-form.js"], languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: globals.browser } },
  { files: ["sw.js"], languageOptions: { ecmaVersion: 2024, sourceType: "script", globals: globals.serviceworker } },
  { files: ["tests/**/*.js", "eslint.config.js", "build.js"], languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.node } },
  {
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "max-lines": ["error", 300],
      "max-depth": ["error", 3],
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Data goes into the page by textContent or a Lit template." },
        { property: "outerHTML", message: "Data goes into the page by textContent or a Lit template." },
      ],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["lit", "lit/*", "maplibre-gl", "maplibre-gl/*"], message: "Third-party code is named in js/lib/vendor.js and js/map/maplibre.js only." },
          ],
        },
      ],
    },
  },
  { files: ["js/lib/vendor.js", "js/map/maplibre.js"], rules: { "no-restricted-imports": "off" } },
];
