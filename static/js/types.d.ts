// Shapes of the page's own; what comes over the wire is in messages.d.ts.

import type { Connection } from "./live.js";
import type { OutboxItem } from "./live/outbox.js";
import type { ResponseCircle } from "./messages.js";
import type { CircleState } from "./store.js";

export type LonLat = readonly [number, number];

export interface Account {
  id: string;
  username: string;
  name: string;
  admin: boolean;
}

export interface CircleChoice {
  id: string;
  name: string;
  name_en: string;
  role: string;
}

export interface SessionAnswer {
  account: Account;
  circles: CircleChoice[];
}

export interface Config {
  version: string;
  live_url: string;
}

export interface Entrance {
  name: string;
  lon: number;
  lat: number;
}

export interface Building {
  id: string;
  name: string;
  name_en: string;
  geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
  use: string;
  storeys: number | null;
  year: number | null;
  fire_rating: number | null;
  households: number;
  entrances: Entrance[];
}

export interface Facility {
  id: string;
  kind: string;
  name: string;
  name_en: string;
  lon: number;
  lat: number;
  partner_id: string | null;
  note: string;
}

/** Where an alert would be raised, or what somebody wants to know the reach of. */
export interface PlaceChoice {
  lon: number;
  lat: number;
  label: string;
  building: Building | null;
  entrance: string | null;
  /** Set when it is the device's own position. */
  accuracyM: number | null;
}

export interface ClosureDraft {
  points: LonLat[];
  /** What was drawn before each tap, to take taps back. */
  before: LonLat[][];
  widerThanM: number | null;
  hours: number | null;
  name: string;
  sending: boolean;
  error: string | null;
}

export type View =
  | { name: "overview" }
  | { name: "choose_place" }
  | { name: "place"; place: PlaceChoice }
  | { name: "incident"; id: string }
  | { name: "closure"; id: string }
  | { name: "hazard"; id: string }
  | { name: "facility"; id: string }
  | { name: "unit"; id: string }
  | { name: "closure_draft" };

/** Something that lay under a finger on the map. */
export interface Beneath {
  kind: "building" | "unit" | "hazard" | "facility" | "closure";
  id: string;
}

export type LayerName = "units" | "facilities" | "hazards" | "closures" | "bands" | "labels" | "buildings";

export interface Loaded<T> {
  key: string;
  status: "loading" | "ready" | "failed";
  value: T | null;
  error: string | null;
}

export interface RaiseState {
  status: "idle" | "sending" | "failed";
  kind: string | null;
  error: string | null;
}

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "problem";
}

export interface Model {
  phase: "starting" | "signed_out" | "no_circle" | "open" | "failed";
  problem: string | null;
  config: Config | null;
  account: Account | null;
  circles: CircleChoice[];
  circleId: string | null;
  live: CircleState;
  /** Set while the picture shown is the one kept on the device from last time. */
  keptAt: number | null;
  connection: Connection;
  outbox: readonly OutboxItem[];
  buildings: Loaded<Building[]>;
  facilities: Loaded<Facility[]>;
  view: View;
  /** What else lay under the finger that opened a view; offered as long as that view is shown. */
  beside: { view: View; others: Beneath[] } | null;
  drill: boolean;
  layers: Record<LayerName, boolean>;
  bandProfile: string;
  bands: Loaded<GeoJSON.FeatureCollection>;
  reach: Loaded<ResponseCircle>;
  focusedUnitId: string | null;
  draft: ClosureDraft;
  raise: RaiseState;
  ending: string | null;
  toasts: Toast[];
  language: string;
  theme: "auto" | "dark" | "light";
  sound: boolean;
  sheet: "peek" | "half" | "full";
}
