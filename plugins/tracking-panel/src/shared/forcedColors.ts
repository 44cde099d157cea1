/** Where the system chooses the colors (Windows' high contrast): backgrounds are painted over unless they say otherwise. */
export const FORCED_COLORS = '@media (forced-colors: active)';
