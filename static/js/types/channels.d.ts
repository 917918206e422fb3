// Channels beside the open page, as the interface tells of them.

export interface ChannelServiceCard {
  id: string;
  channel: string;
  name: string;
  enabled: boolean;
  outside_public: boolean;
  settings: Record<string, string>;
  secrets_set: string[];
  takes_replies: boolean;
  /** What a browser subscribes with, of Web Push. */
  push_key: string | null;
}

export interface CircleChannels {
  services: ChannelServiceCard[];
  next_channel_after_s: number;
}

export interface ChannelField {
  name: string;
  kind: string;
  required: boolean;
  secret: boolean;
  default: string;
  choices: string[];
}

export interface ChannelFields {
  channel: string;
  provider: string;
  fields: ChannelField[];
}

export interface ChannelReport {
  services: {
    service_id: string;
    at: string | null;
    accepted: number;
    failed: number;
    waiting: number;
    reasons: string[];
  }[];
  people: { account_id: string; name: string; verified: number; unverified: number }[];
}

export interface OwnContact {
  id: string;
  service_id: string;
  service_name: string;
  channel: string;
  enabled: boolean;
  address: string;
  verified_at: string | null;
  last: { purpose: string; state: string; queued_at: string; reason: string; detail: string } | null;
}

export interface OwnChannels {
  contacts: OwnContact[];
  quiet: [string, string] | null;
  /** In which messages go out to the person, in every circle. */
  language: "zh-CN" | "en";
}

export interface MessageProof {
  id: string;
  alert_id: string | null;
  recipient_id: string | null;
  recipient_name: string;
  service_name: string;
  channel: string;
  address: string;
  purpose: string;
  exercise: boolean;
  turn: number;
  state: string;
  queued_at: string;
  due_at: string;
  sent_at: string | null;
  accepted_at: string | null;
  delivered_at: string | null;
  opened_at: string | null;
  answered_at: string | null;
  failed_at: string | null;
  answer: string | null;
  reason: string;
  detail: string;
  service_message_id: string | null;
  attempts: number;
}
