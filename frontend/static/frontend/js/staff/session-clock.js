// When to look at the session again, and what to say until then. No clock of its own, no page.

export const WARN_S = 120 // SCREENS §0: two minutes before
const REST_S = 1
const LONGEST_S = 3600 // a browser's timers may stand still for hours: look anew

/** `left`: seconds until the session ends. In how many seconds to look again; whether to warn now. */
export function plan(left) {
  if (left <= 0) return { state: "over", again: null }
  if (left <= WARN_S) return { state: "warn", again: Math.min(left, 15) }
  return { state: "quiet", again: Math.max(REST_S, Math.min(left - WARN_S, LONGEST_S)) }
}

/** Whole minutes, never "0": what is said is never longer than what is left by more than a minute. */
export function minutes(left) {
  return Math.max(1, Math.ceil(left / 60))
}
