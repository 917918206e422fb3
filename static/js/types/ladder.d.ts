// What the interface answers about ladders; see responder/domain/ladder/profile.py and responder/services/ladder/.

import type { Mark, Rung } from "./messages.js";

export interface LadderProfile {
  key: string;
  name: string;
  name_en: string;
  /** So many people who come stop the widening. */
  enough: number;
  marks: Mark[];
  rungs: Rung[];
}

export interface Ladders {
  /** Key of the one that alerts go by. */
  default: string;
  profiles: LadderProfile[];
}

export interface ShownLadders extends Ladders {
  is_custom: boolean;
  set_at: string | null;
  set_by_name: string | null;
  shipped: Ladders;
  version: string;
}

export interface CallListEntry {
  why: "no_account" | "not_reached" | "no_answer" | "no_one_comes" | "not_called";
  /** Empty for the desk of a partner. */
  name: string;
  phone: string;
  partner_id: string;
  partner_name: string;
  partner_name_en: string;
  unit_id: string | null;
  unit_name: string;
  unit_name_en: string;
  response_s: number | null;
}

export interface CallList {
  entries: CallListEntry[];
}

export interface ShownNeighbour {
  neighbour_id: string;
  /** Own units that the other may call. */
  unit_ids: string[];
  is_agreed: boolean;
  name: string;
  name_en: string;
  /** How many of the other's units may be called. */
  units: number;
  set_at: string;
  set_by_name: string;
}

export interface Neighbours {
  neighbours: ShownNeighbour[];
}
