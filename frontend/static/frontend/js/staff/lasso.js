// Draw round some pins with the pointer. Whoever draws not: the map's part, or the list's boxes.

const SVG = "http://www.w3.org/2000/svg"
const LEAST_POINTS = 3

/** Whether a point lies in a polygon; both in pixels, as `{x, y}`. */
export function isInside({ x, y }, corners) {
  let inside = false
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [one, other] = [corners[i], corners[j]]
    const crosses = one.y > y !== other.y > y
    if (crosses && x < ((other.x - one.x) * (y - one.y)) / (other.y - one.y) + one.x) inside = !inside
  }
  return inside
}

/** Events: "drawn" ({detail: corners}), "left". Lies over the map only while it is on. */
export class Lasso extends EventTarget {
  #over = document.createElementNS(SVG, "svg")
  #line = document.createElementNS(SVG, "path")
  #corners = null

  constructor(box) {
    super()
    this.#over.classList.add("lasso")
    this.#over.setAttribute("aria-hidden", "true")
    this.#over.toggleAttribute("hidden", true)
    this.#over.append(this.#line)
    box.parentElement.append(this.#over)
    this.#over.addEventListener("pointerdown", (event) => this.#begin(event))
    this.#over.addEventListener("pointermove", (event) => this.#go(event))
    this.#over.addEventListener("pointerup", () => this.#end())
    this.#over.addEventListener("pointercancel", () => this.#stop())
  }

  get isOn() {
    return !this.#over.hasAttribute("hidden")
  }

  toggle(isOn = !this.isOn) {
    this.#over.toggleAttribute("hidden", !isOn)
    this.#stop()
    if (!isOn) this.dispatchEvent(new Event("left"))
  }

  #begin(event) {
    event.preventDefault()
    this.#over.setPointerCapture(event.pointerId)
    this.#corners = [at(event)]
  }

  #go(event) {
    if (!this.#corners) return
    this.#corners.push(...(event.getCoalescedEvents?.() ?? [event]).map(at))
    this.#line.setAttribute("d", `M${this.#corners.map(({ x, y }) => `${x} ${y}`).join("L")}Z`)
  }

  #end() {
    const corners = this.#corners ?? []
    this.#stop()
    if (corners.length >= LEAST_POINTS) this.dispatchEvent(new CustomEvent("drawn", { detail: corners }))
  }

  #stop() {
    this.#corners = null
    this.#line.removeAttribute("d")
  }
}

const at = ({ offsetX, offsetY }) => ({ x: offsetX, y: offsetY })
