// What the page and the worker say to each other.
import type { Refusal } from "./decode";
import type { Pixels } from "./pixels";
import type { Rectangle } from "./trimming";

/** To the worker. `setup` comes first; one picture at a time. */
export type Order =
  | { readonly kind: "setup"; readonly table: ArrayBuffer; readonly variants: readonly string[] }
  | { readonly kind: "open"; readonly file: File }
  | { readonly kind: "veil" }
  | { readonly kind: "fingerprint"; readonly within: Rectangle | null };

/** From the worker. */
export type Answer =
  | { readonly kind: "opened"; readonly within: Rectangle | null; readonly width: number; readonly height: number }
  | { readonly kind: "veiled"; readonly picture: Pixels }
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly fingerprints: Fingerprints }
  | { readonly kind: "refused"; readonly code: Refusal | "failed" };

/** One picture's fingerprints, as they are sent: hex, and base64 for the regional one. */
export interface Fingerprints {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** The inside of the frame that was found, if one was. */
  readonly proposed: Rectangle | null;
  /** The part that was fingerprinted; null for all of it. */
  readonly within: Rectangle | null;
  readonly pdq: readonly { readonly variant: string; readonly value: string; readonly quality: number }[];
  readonly regional: string;
  readonly regions: number;
}
