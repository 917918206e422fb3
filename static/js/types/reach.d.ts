// What the interface answers about closed roads and about how people move; see responder/domain/reach/criticality.py.

import type { ResponseCircle } from "./messages.js";

/** Who could be there in time, before anybody is called. */
export interface ReachPreview extends ResponseCircle {
  /** By unit: people on record, whom an alert would call. */
  people: Readonly<Record<string, number>>;
  /** When peak hours matter and the working days of this year are not announced. */
  unannounced_year: number | null;
  /** How many people an alert would call; a person in two of the units is one. */
  called: number;
}

export interface Loss {
  kind: string;
  limit_s: number;
  households: number;
}

export interface RoadCost {
  road_id: number;
  name: string;
  length_m: number;
  coordinates: [number, number][];
  households: number;
  losses: Loss[];
}

export interface FeatureCost {
  type: "hazard" | "closure";
  id: string;
  name: string;
  name_en: string;
  households: number;
  losses: Loss[];
}

export interface Criticality {
  building_id: string | null;
  pedestrians_pass: boolean;
  limits_s: number[];
  counted: "households" | "buildings";
  buildings: number;
  households: number;
  excluded: number;
  roads: RoadCost[];
  roads_excluded: number;
  features: FeatureCost[];
}

export interface CriticalityStatus {
  state: "not_started" | "running" | "done" | "failed";
  step: string;
  progress: number;
  up_to_date: boolean;
  computed_at: string | null;
  code: string | null;
  result: Criticality | null;
}

export interface ClosureCost {
  on_road: boolean;
  limits_s: number[];
  counted: "households" | "buildings";
  buildings: number;
  households: number;
  excluded: number;
  lost: number;
  losses: Loss[];
  slowed: { kind: string; households: number; max_delay_s: number }[];
  incidents: {
    incident_id: string;
    kind: string;
    exercise: boolean;
    label: string;
    delays: { unit_id: string; unit_name: string; unit_name_en: string; before_s: number; after_s: number | null }[];
  }[];
}

export interface Peak {
  /** Monday = 0. */
  days: number[];
  from_hour: number;
  to_hour: number;
  factor: number;
}

export interface ProfileRow {
  speeds_kph: Record<string, number>;
  /** Highest speed by surface; 0 shuts it. */
  surface_kph?: Record<string, number>;
  clear_width_m: number;
  clear_height_m: number;
  weight_t: number;
  dismount_s?: number;
  u_turn_s?: number;
  against_factor?: number;
  obeys_oneway?: boolean;
  peaks?: Peak[];
  sources?: Record<string, string>;
}

/** Of the form of geo/network/profiles.yaml. */
export interface ProfileTable {
  profiles: Record<string, ProfileRow>;
  roads: Record<string, { width_m: number; settled?: boolean }>;
  parked?: Record<string, { width_m: number }>;
  barriers: Record<string, Record<string, number>>;
  sources: Record<string, { text: string; standing: string }>;
}

export interface ShownProfiles {
  is_custom: boolean;
  set_at: string | null;
  set_by_name: string | null;
  table: ProfileTable;
  /** With the figures that every circle begins with. */
  defaults: ProfileTable;
  /** By field, or part of the table. */
  ranges: Record<string, { min: number; max: number }>;
  /** Announcements of working days that peak hours go by, by year. */
  working_days: Record<string, string>;
  version: string;
}
