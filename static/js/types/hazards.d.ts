// The life of hazards as the server has it: responder/api/routes/registers/hazard.py.

import type { Hazard, HazardState } from "./messages.js";

export type HazardStepKind = "record" | "assign" | "start" | "mend" | "verify" | "close" | "reopen";

export interface HazardStep {
  number: number;
  kind: HazardStepKind;
  /** The one that it led to. */
  state: HazardState;
  at: string;
  by_name: string;
  note: string;
  owner_id: string | null;
  due_on: string | null;
  photo_id: string | null;
  source: "staff" | "file" | "drill" | "report";
}

export interface HazardLife {
  hazard: Hazard;
  steps: readonly HazardStep[];
  /** What the viewer may do now. */
  possible: readonly HazardStepKind[];
  /** Hazards of its kind that were closed at the same place. */
  closed_before: number;
  usual_due_on: string;
}

export interface Citation {
  source: string;
  source_en: string;
  says: string;
  says_en: string;
  /** A: read in the source; B: secondary sources; C: to be confirmed. */
  standing: "A" | "B" | "C";
}

export interface HazardFollowUp {
  today: string;
  /** The longest first. */
  overdue: readonly string[];
  closed_before: Readonly<Record<string, number>>;
  rules: {
    general_days: number;
    major_days: number;
    same_place_m: number;
    is_custom: boolean;
    kinds: readonly { code: string; citations: readonly Citation[] }[];
    grades: Citation;
    due: Citation;
  };
}

/** What is said with a step. */
export interface NewHazardStep {
  kind: HazardStepKind;
  note: string;
  owner_id?: string;
  due_on?: string;
  photo?: Blob;
}
