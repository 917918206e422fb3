// In place of the decoder of MapLibre's own kind of tiles in what is served: ours are Mapbox vector tiles, and it is large.

export const GEOMETRY_TYPE = Object.freeze({});

export function decodeTile() {
  throw new Error("tiles of this kind are not served here");
}
