// Draws pins and rings as SVG. Colours come from CSS by the status class, glyphs from the symbols
// that the page carries ({% symbols %}).

const SVG = "http://www.w3.org/2000/svg"
const DROP = "M14 1.5C7 1.5 1.5 7 1.5 13.8 1.5 22.6 11 30.8 13.2 34.6a.93.93 0 0 0 1.6 0C17 30.8 26.5 22.6 26.5 13.8 26.5 7 21 1.5 14 1.5Z"
const STATUSES = ["new", "in_progress", "on_hold", "forwarded", "no_action", "duplicate", "done"]

/** Size of a pin's box in pixels and where its tip is. */
export const PIN = { size: [28, 36], anchor: [14, 35] }

/** A 28 px drop with the status glyph inside and the hazard sign on its shoulder. */
export function pin({ status, hazard = false }) {
  const drawing = element("svg", {
    class: `map-pin status-${status}`,
    viewBox: "0 0 28 36",
    width: 28,
    height: 36,
    "aria-hidden": "true",
    focusable: "false",
  })
  drawing.append(
    element("path", { class: "drop", d: DROP }),
    element("use", { class: "glyph icon", href: `#status-${status}`, x: 5.5, y: 5.5, width: 17, height: 17 }),
  )
  if (hazard) {
    drawing.append(
      element("use", { class: "sign icon", href: "#hazard", x: 16, y: -5, width: 16, height: 16 }),
    )
  }
  return drawing
}

/** Diameter of a ring: at least a finger, more for more. */
export const ringSize = (n) => (n < 10 ? 44 : n < 100 ? 50 : n < 1000 ? 56 : 64)

/** A ring chart of statuses around the count. */
export function ring({ n, by }, language) {
  const size = ringSize(n)
  const radius = size / 2 - 5
  const drawing = element("svg", {
    class: "map-ring",
    viewBox: `0 0 ${size} ${size}`,
    width: size,
    height: size,
    "aria-hidden": "true",
    focusable: "false",
  })
  const centre = { cx: size / 2, cy: size / 2 }
  drawing.append(element("circle", { class: "ground", ...centre, r: size / 2 - 1.5 }))
  for (const part of parts(by, 2 * Math.PI * radius)) {
    drawing.append(
      element("circle", {
        class: `part status-${part.status}`,
        ...centre,
        r: radius,
        "stroke-dasharray": `${part.length} ${2 * Math.PI * radius - part.length}`,
        "stroke-dashoffset": -part.start,
        transform: `rotate(-90 ${size / 2} ${size / 2})`,
      }),
    )
  }
  const text = element("text", { x: size / 2, y: size / 2, "text-anchor": "middle", "dominant-baseline": "central" })
  text.textContent = new Intl.NumberFormat(language, { notation: n < 10_000 ? "standard" : "compact" }).format(n)
  drawing.append(text)
  return drawing
}

/** Arcs along a circle of `round` pixels, with a small gap between two of them. Pure. */
export function parts(by, round) {
  const present = STATUSES.filter((status) => by[status] > 0)
  const total = present.reduce((sum, status) => sum + by[status], 0)
  const gap = present.length > 1 ? 2 : 0
  let start = 0
  return present.map((status) => {
    const whole = (by[status] / total) * round
    const part = { status, start: start + gap / 2, length: Math.max(whole - gap, 0.5) }
    start += whole
    return part
  })
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}
