// The file that names the map's third-party code: as large as all the rest, and not needed to read an alert.

import { AttributionControl, Map as MapLibreMap, Marker, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { addressOf } from "../lib/addresses.js";

// From our own origin rather than a blob, so that the content security policy can stay strict.
setWorkerUrl(new URL(addressOf("map-worker"), location.href).href);

export { AttributionControl, MapLibreMap, Marker, ScaleControl };
