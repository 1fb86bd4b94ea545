import type { Claims } from "./claims.ts";
import type { Setting } from "./setting.ts";

export const FAULTS: Claims<Setting> = {};
